#include "cli/command.h"

int main(int count, char **arguments)
{
  struct streams streams = {stdin, stdout, stderr};
  return command_run(count, arguments, &streams);
}
