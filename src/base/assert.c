#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void assert_fail(const char *kind, const char *condition, const char *file, int line)
{
  (void)fprintf(stderr, "forvar: %s failed: %s (%s:%d)\n", kind, condition, file, line);
  abort();
}
