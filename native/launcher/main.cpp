// Starts a program that dies with its parent: `framelane-launcher PARENT PROGRAM ARGUMENTS…`. Node cannot ask the kernel
// for that in a child, and a handler of its own does not run where it is killed. The signal follows the thread that started us,
// so the end of a worker thread ends its programs, too.
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
  if (count < 3) return 64;
  // Where a sandbox forbids it, the program runs as it would without us.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // A parent that ended before the call above sends no signal any more.
  if (getppid() != std::atoi(arguments[1])) return 71;
  execvp(arguments[2], arguments + 2);
  // Read by src/ffmpeg/launcher.ts, which turns it into the error of a direct start.
  std::fprintf(stderr, "framelane-launcher: errno %d\n", errno);
  return 127;
}
