// What a person can choose: numbers stand in the store, new ones at the end.
#ifndef FORVAR_CORE_CHOICE_H
#define FORVAR_CORE_CHOICE_H

enum choice_what {
  CHOICE_MARKETING_OFF = 1,  // argument: enum marketing_channel
};

#endif
