/*
 * Processes with page tables, copy-on-write, a reverse map and a log of 16-byte records: the same work as the lab's
 * engine does for a trace of accesses, forks and exits, without areas, statecharts and causes.
 *
 *   multi-process TRACE PAGES          prints "SECONDS MINOR COPIES"; every process has PAGES pages
 *   multi-process fork PAGES CHILDREN  prints "SECONDS 0 0" for that many forks of a process that has written PAGES
 *
 * A word of the trace: bits 30-31 read, write, fork, exit; bits 20-29 the process; bits 0-19 page or child.
 * Data: page table an array of 32-bit entries (frame << 2 | writable << 1 | present) per process; per frame a count of
 * entries and the head of a list of mappings; a mapping is 16 bytes: process, page, next, previous. A page that was
 * only read is the zero page, frame 0, which has neither count nor mappings.
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

enum { MAX_PROCESSES = 1024, FRAMES = 1 << 20, RING = 1 << 20, PRESENT = 1, WRITABLE = 2 };
enum { READ, WRITE, FORK, EXIT };
enum { EVENT_FAULT = 1, EVENT_COPY, EVENT_REUSE, EVENT_FORK, EVENT_EXIT, EVENT_FREE };

struct event {
  uint32_t time, kind, page, frame;
};
struct mapping {
  uint32_t process, page;
  int32_t next, previous;
};

static struct event ring[RING];
static uint32_t logged, clock_;
static uint32_t *tables[MAX_PROCESSES];
static uint32_t pages;
static uint32_t map_count[FRAMES];
static int32_t mappings_of[FRAMES];
static uint32_t free_frames[FRAMES];
static uint32_t free_count;
static struct mapping *mappings;
static int32_t free_mapping = -1;
static uint32_t mappings_used, mappings_room;
static uint32_t minor, copies;
static uint8_t has_frames[MAX_PROCESSES]; /* ever wrote: a fork copies nothing of a table that holds zero pages alone */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static inline void record(uint32_t kind, uint32_t page, uint32_t frame) {
  ring[logged++ & (RING - 1)] = (struct event){clock_, kind, page, frame};
}

static void add_mapping(uint32_t frame, uint32_t process, uint32_t page) {
  int32_t at = free_mapping;
  if (at >= 0) {
    free_mapping = mappings[at].next;
  } else {
    if (mappings_used == mappings_room) {
      mappings_room = mappings_room ? mappings_room * 2 : 1 << 16;
      mappings = realloc(mappings, mappings_room * sizeof *mappings);
    }
    at = mappings_used++;
  }
  int32_t first = mappings_of[frame];
  mappings[at] = (struct mapping){process, page, first, -1};
  if (first >= 0) mappings[first].previous = at;
  mappings_of[frame] = at;
  map_count[frame]++;
}

static void remove_mapping(uint32_t frame, uint32_t process, uint32_t page) {
  int32_t at = mappings_of[frame];
  while (mappings[at].process != process || mappings[at].page != page) at = mappings[at].next;
  int32_t next = mappings[at].next, previous = mappings[at].previous;
  if (previous >= 0) mappings[previous].next = next;
  else mappings_of[frame] = next;
  if (next >= 0) mappings[next].previous = previous;
  mappings[at].next = free_mapping;
  free_mapping = at;
  if (--map_count[frame] == 0) {
    free_frames[free_count++] = frame;
    record(EVENT_FREE, page, frame);
  }
}

static uint32_t take_frame(void) {
  if (free_count == 0) exit(3);
  return free_frames[--free_count];
}

static void touch(uint32_t process, uint32_t page, int write) {
  uint32_t entry = tables[process][page];
  if (entry & PRESENT && (!write || entry & WRITABLE)) return;
  minor++;
  if (!(entry & PRESENT) && !write) {
    tables[process][page] = PRESENT;
    record(EVENT_FAULT, page, 0);
    return;
  }
  has_frames[process] = 1;
  if (!(entry & PRESENT) || entry >> 2 == 0) {
    uint32_t frame = take_frame();
    tables[process][page] = frame << 2 | WRITABLE | PRESENT;
    add_mapping(frame, process, page);
    record(EVENT_FAULT, page, frame);
    return;
  }
  uint32_t old = entry >> 2;
  if (map_count[old] == 1) {
    tables[process][page] = entry | WRITABLE;
    record(EVENT_REUSE, page, old);
    return;
  }
  uint32_t frame = take_frame();
  copies++;
  remove_mapping(old, process, page);
  tables[process][page] = frame << 2 | WRITABLE | PRESENT;
  add_mapping(frame, process, page);
  record(EVENT_COPY, page, frame);
}

static void fork_process(uint32_t parent, uint32_t child) {
  uint32_t *from = tables[parent];
  uint32_t *to = tables[child] = calloc(pages, sizeof *to);
  has_frames[child] = has_frames[parent];
  for (uint32_t page = 0; page < pages && has_frames[parent]; page++) {
    if (!(from[page] & PRESENT)) continue;
    from[page] &= ~WRITABLE;
    to[page] = from[page];
    if (from[page] >> 2 != 0) add_mapping(from[page] >> 2, child, page);
  }
  record(EVENT_FORK, parent, child);
}

static void exit_process(uint32_t process) {
  for (uint32_t page = 0; page < pages; page++) {
    if (tables[process][page] >> 2 != 0) remove_mapping(tables[process][page] >> 2, process, page);
  }
  free(tables[process]);
  tables[process] = NULL;
  record(EVENT_EXIT, process, 0);
}

static void boot(void) {
  memset(ring, 0, sizeof ring);
  memset(mappings_of, 0xff, sizeof mappings_of);
  for (uint32_t i = 0; i < FRAMES - 1; i++) free_frames[i] = FRAMES - 1 - i;
  free_count = FRAMES - 1;
  tables[0] = calloc(pages, sizeof *tables[0]);
}

static double replay(const char *name) {
  int file = open(name, O_RDONLY);
  struct stat info;
  if (file < 0 || fstat(file, &info) != 0) exit(2);
  const uint32_t *trace = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  uint32_t count = info.st_size / sizeof *trace;
  double start = now();
  for (clock_ = 0; clock_ < count; clock_++) {
    uint32_t word = trace[clock_], process = word >> 20 & 1023, page = word & 0xfffff;
    switch (word >> 30) {
      case READ: touch(process, page, 0); break;
      case WRITE: touch(process, page, 1); break;
      case FORK: fork_process(process, page); break;
      default: exit_process(process);
    }
  }
  return now() - start;
}

int main(int argc, char **argv) {
  double seconds;
  if (argc == 3) {
    pages = strtoul(argv[2], NULL, 10);
    boot();
    seconds = replay(argv[1]);
  } else if (argc == 4) {
    pages = strtoul(argv[2], NULL, 10);
    uint32_t children = strtoul(argv[3], NULL, 10);
    boot();
    for (uint32_t page = 0; page < pages; page++) touch(0, page, 1);
    double start = now();
    for (uint32_t child = 1; child <= children; child++) fork_process(0, child);
    seconds = now() - start;
    minor = copies = 0;
  } else {
    return 2;
  }
  printf("%.6f %u %u\n", seconds, minor, copies);
  return 0;
}
