#include "cli/command.h"

#include "base/process.h"

int main(int count, char **arguments)
{
  process_protect();
  struct streams streams = {stdin, stdout, stderr};
  return command_run(count, arguments, &streams);
}
