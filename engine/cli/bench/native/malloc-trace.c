/*
 * The C library's malloc on the lists of requests that the lab's allocator gets.
 *
 *   malloc-trace pairs BYTES COUNT   malloc and free of one size, COUNT times
 *   malloc-trace FILE                words of 64 bits: slot << 32 | bytes, bytes 0xffffffff gives the slot's block back
 *
 * Prints the seconds it took.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 1 << 16 };
static void *volatile slots[SLOTS];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double pairs(size_t bytes, unsigned long count) {
  double start = now();
  for (unsigned long i = 0; i < count; i++) {
    slots[0] = malloc(bytes);
    free(slots[0]);
  }
  return now() - start;
}

static double replay(const char *name) {
  int file = open(name, O_RDONLY);
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) exit(2);
  const uint64_t *trace = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  size_t count = info.st_size / sizeof *trace;
  double start = now();
  for (size_t i = 0; i < count; i++) {
    uint32_t slot = trace[i] >> 32, bytes = trace[i];
    if (bytes != UINT32_MAX) {
      slots[slot] = malloc(bytes);
    } else {
      free(slots[slot]);
    }
  }
  return now() - start;
}

int main(int argc, char **argv) {
  double seconds;
  if (argc == 4) seconds = pairs(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
  else if (argc == 2) seconds = replay(argv[1]);
  else return 2;
  printf("%.6f\n", seconds);
  return 0;
}
