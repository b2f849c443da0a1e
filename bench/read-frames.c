// Reads frames of argv[1] bytes from stdin into one buffer: what a careful C program would do.
// Prints JSON: frames, seconds, seconds of CPU, and the median and 95th percentile between frames in milliseconds.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { kMaxFrames = 100000 };
static double between[kMaxFrames];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static int compare(const void* a, const void* b) {
  const double x = *(const double*)a, y = *(const double*)b;
  return (x > y) - (x < y);
}

int main(int argc, char** argv) {
  const size_t bytes = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  char* frame = bytes > 0 ? aligned_alloc(4096, (bytes + 4095) / 4096 * 4096) : NULL;
  if (!frame) return 1;
  const double start = now();
  double last = start;
  int frames = 0;
  for (size_t filled = 0;;) {
    const ssize_t got = read(STDIN_FILENO, frame + filled, bytes - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += got;
    if (filled < bytes) continue;
    filled = 0;
    const double time = now();
    if (frames < kMaxFrames) between[frames++] = (time - last) * 1e3;
    last = time;
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
  qsort(between, frames, sizeof *between, compare);
  printf("{\"frames\":%d,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"p50\":%.4f,\"p95\":%.4f,\"peakMiB\":%.1f}\n", frames,
         last - start, cpu, frames ? between[frames / 2] : 0, frames ? between[frames * 95 / 100] : 0,
         usage.ru_maxrss / 1024.0);
  return 0;
}
