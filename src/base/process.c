#include "base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void process_protect(void)
{
  const struct rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__  // LeakSanitizer attaches to its own process
  (void)prctl(PR_SET_DUMPABLE, 0);
#endif
}
