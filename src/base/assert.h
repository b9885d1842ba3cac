// Assertions for mistakes of the programmer, never for input, disk or network. They stay in
// release builds: a system of record that has lost its invariants stops instead of guessing.
#ifndef FORVAR_BASE_ASSERT_H
#define FORVAR_BASE_ASSERT_H

// Prints kind, condition and place to standard error and aborts. Never returns.
_Noreturn void assert_fail(const char *kind, const char *condition, const char *file, int line);

#define ASSERT_AS(kind, condition) \
  ((condition) ? (void)0 : assert_fail((kind), #condition, __FILE__, __LINE__))

#define PRE(condition) ASSERT_AS("precondition", condition)     // the caller broke the contract
#define POST(condition) ASSERT_AS("postcondition", condition)   // this function broke it
#define INVARIANT(condition) ASSERT_AS("invariant", condition)  // the data broke it

#endif
