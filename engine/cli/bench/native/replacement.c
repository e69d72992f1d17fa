/*
 * CLOCK and LRU over a trace of 32-bit page numbers, as tight as C gets: what the lab's policies are measured against.
 *
 *   replacement clock|lru TRACE FRAMES log|plain     prints "SECONDS FAULTS"
 *
 * Data: where[page] (int32, -1 for none), page_of[frame] (uint32); CLOCK a byte per frame, LRU two int32 links per frame.
 * With `log` every fault writes a record of 16 bytes into a ring of 2^20.
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

struct event {
  uint32_t time, kind, page, frame;
};

enum { RING = 1 << 20, PAGES = 1 << 20 };

static struct event ring[RING];
static uint32_t logged;
static int32_t where[PAGES];
static uint32_t *page_of;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static inline void record(uint32_t time, uint32_t kind, uint32_t page, uint32_t frame) {
  ring[logged++ & (RING - 1)] = (struct event){time, kind, page, frame};
}

static uint32_t run_clock(const uint32_t *trace, uint32_t count, uint32_t frames, int log) {
  uint8_t *referenced = calloc(frames, 1);
  uint32_t used = 0, hand = 0, faults = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t page = trace[i];
    int32_t frame = where[page];
    if (frame >= 0) {
      referenced[frame] = 1;
      continue;
    }
    faults++;
    if (used < frames) {
      hand = used++;
    } else {
      while (referenced[hand]) {
        referenced[hand] = 0;
        if (++hand == frames) hand = 0;
      }
      where[page_of[hand]] = -1;
    }
    where[page] = hand;
    page_of[hand] = page;
    referenced[hand] = 1;
    if (log) record(i, 1, page, hand);
    if (++hand == frames) hand = 0;
  }
  return faults;
}

static uint32_t run_lru(const uint32_t *trace, uint32_t count, uint32_t frames, int log) {
  int32_t *next = malloc((frames + 1) * sizeof *next);
  int32_t *prev = malloc((frames + 1) * sizeof *prev);
  int32_t head = frames;
  uint32_t used = 0, faults = 0;
  next[head] = prev[head] = head;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t page = trace[i];
    int32_t frame = where[page];
    if (frame < 0) {
      faults++;
      if (used < frames) {
        frame = used++;
        next[frame] = prev[frame] = frame;
      } else {
        frame = prev[head];
        where[page_of[frame]] = -1;
      }
      where[page] = frame;
      page_of[frame] = page;
      if (log) record(i, 1, page, frame);
    }
    next[prev[frame]] = next[frame];
    prev[next[frame]] = prev[frame];
    next[frame] = next[head];
    prev[frame] = head;
    prev[next[head]] = frame;
    next[head] = frame;
  }
  return faults;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int file = open(argv[2], O_RDONLY);
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) return 2;
  const uint32_t *trace = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  uint32_t frames = strtoul(argv[3], NULL, 10);
  uint32_t count = info.st_size / sizeof *trace;
  int log = strcmp(argv[4], "log") == 0;
  page_of = calloc(frames, sizeof *page_of);
  memset(where, 0xff, sizeof where);
  memset(ring, 0, sizeof ring);
  double start = now();
  uint32_t faults = strcmp(argv[1], "clock") == 0 ? run_clock(trace, count, frames, log) : run_lru(trace, count, frames, log);
  printf("%.6f %u\n", now() - start, faults);
  return 0;
}
