/*
 * Carries out a malloc script with the machine's C library, for `faultline verify --malloc`.
 *
 * Standard input holds one command a line, as numbers: an operation's letter, a slot (a pointer's number), then what the
 * operation needs. Each command answers with one line on standard output: members of a JSON object. Nothing here
 * allocates, neither directly nor through stdio, so the heap is the script's alone; the address space is laid out without
 * chance, so that its start is known. Who dies in a command prints nothing for it. The first line of all is the heap's
 * start and the address of the lowest library, in decimal: mappings go below that, and both depend on the machine.
 *
 *   malloc-runner --version    prints the C library's version
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SLOTS = 8192, SCRIPT = 1 << 22, LINE = 1 << 15, SHOWN = 4096 };

static char line[LINE];
static size_t length;
static char *slots[SLOTS];
static char *heap_start;
static int shows_totals = 1;

static void put(const char *text) {
  while (*text != 0 && length < LINE - 1) line[length++] = *text++;
}

static void put_unsigned(unsigned long value, unsigned base) {
  char digits[24];
  int at = sizeof digits;
  digits[--at] = 0;
  do digits[--at] = "0123456789abcdef"[value % base];
  while (value /= base);
  put(digits + at);
}

static void put_number(long value) {
  if (value < 0) put("-");
  put_unsigned(value < 0 ? -(unsigned long)value : (unsigned long)value, 10);
}

static void member(const char *name) {
  if (length > 0 && line[length - 1] != '{') put(",");
  put("\"");
  put(name);
  put("\":");
}

static void number(const char *name, long value) {
  member(name);
  put_number(value);
}

static void text(const char *name, const char *value) {
  member(name);
  put("\"");
  put(value);
  put("\"");
}

static const char *error_name(int error) {
  return error == 0 ? "0" : error == ENOMEM ? "ENOMEM" : error == EINVAL ? "EINVAL" : "other";
}

static void place(const char *block) {
  const char *top = sbrk(0);
  if (block == NULL) {
    member("at");
    put("null");
  } else if (block >= heap_start && block < top) {
    number("at", block - heap_start);
  } else {
    text("at", "mmap");
    number("pgoff", (uintptr_t)block % 4096);
  }
}

static void chunk(char *block) {
  size_t word = ((size_t *)block)[-1];
  char flags[4];
  int at = 0;
  if (word & 1) flags[at++] = 'P';
  if (word & 2) flags[at++] = 'M';
  if (word & 4) flags[at++] = 'A';
  flags[at] = 0;
  number("usable", malloc_usable_size(block));
  number("csize", word & ~(size_t)7);
  text("fl", flags);
}

static void answer_block(char *block, int error) {
  place(block);
  if (block != NULL) chunk(block);
  else text("errno", error_name(error));
}

static void totals(void) {
  struct mallinfo2 info = mallinfo2();
  number("brk", (char *)sbrk(0) - heap_start);
  member("mi");
  put("{");
  number("arena", info.arena);
  number("ordblks", info.ordblks);
  number("smblks", info.smblks);
  number("hblks", info.hblks);
  number("hblkhd", info.hblkhd);
  number("fsmblks", info.fsmblks);
  number("uordblks", info.uordblks);
  number("fordblks", info.fordblks);
  number("keepcost", info.keepcost);
  put("}");
}

static void do_calloc(char **slot, size_t count, size_t size) {
  errno = 0;
  char *block = *slot = calloc(count, size);
  answer_block(block, errno);
  if (block == NULL) return;
  int zero = 1;
  for (size_t i = 0; i < count * size; i++) zero &= block[i] == 0;
  number("zero", zero);
}

static void do_realloc(char **from, char **to, size_t count, size_t size) {
  errno = 0;
  uintptr_t before = (uintptr_t)*from;
  char *block = count == 1 ? realloc(*from, size) : reallocarray(*from, count, size);
  int error = errno;
  *to = block;
  answer_block(block, error);
  if (block != NULL) number("moved", (uintptr_t)block != before);
}

/* Slots from one on, as many as said; the first and the last block are shown. */
static void do_loop(char **first, long count, int frees, size_t size) {
  for (long i = 0; i < count; i++) {
    if (frees) {
      free(first[i]);
      continue;
    }
    char *block = first[i] = malloc(size);
    if (i != 0 && i != count - 1) continue;
    member(i == 0 ? "first" : "last");
    put("{\"x\":0");
    place(block);
    put("}");
  }
}

static void carry_out(char op, char **slot, long a, long b, long c) {
  char *block = *slot;
  errno = 0;
  switch (op) {
    case 'm':
      *slot = block = malloc(a);
      answer_block(block, errno);
      break;
    case 'c': do_calloc(slot, a, b); break;
    case 'r': do_realloc(slot, &slots[b], 1, a); break;
    case 'R': do_realloc(slot, &slots[c], a, b); break;
    case 'V':
      *slot = block = valloc(a);
      answer_block(block, errno);
      break;
    case 'S': malloc_stats(); break;
    case 'a':
      *slot = block = memalign(a, b);
      answer_block(block, errno);
      break;
    case 'A':
      *slot = block = aligned_alloc(a, b);
      answer_block(block, errno);
      break;
    case 'p': {
      void *aligned = NULL;
      int error = posix_memalign(&aligned, a, b);
      *slot = aligned;
      text("ret", error_name(error));
      place(aligned);
      if (aligned != NULL) chunk(aligned);
      break;
    }
    case 'f': free(block + a); break;
    case 's':
      place(block);
      if (block != NULL) chunk(block);
      break;
    case 'u': number("usable", malloc_usable_size(block)); break;
    case 'F':
      for (long i = 0; i < b; i++) ((volatile char *)block)[i] = a;
      break;
    case 'P': ((volatile char *)block)[a] = b; break;
    case 'b':
      member("bytes");
      put("[");
      for (long i = 0; i < b && i < SHOWN; i++) {
        if (i > 0) put(",");
        put_number(((volatile unsigned char *)block)[a + i]);
      }
      put("]");
      break;
    case 'w':
      member("raw");
      put("\"0x");
      put_unsigned(((volatile size_t *)block)[a], 16);
      put("\"");
      break;
    case 'v': number("prev_size", ((volatile long *)block)[-2]); break;
    case 'o': number("ret", mallopt(a, b)); break;
    case 't': number("ret", malloc_trim(a)); break;
    case 'l': do_loop(slot, a, b, c); break;
    case 'q': shows_totals = a; break;
    case 'N': *slot = 0; break;
    case 'T': *(char **)(block + a) = slots[b]; break;
    default: break;
  }
}

static void flush(void) {
  line[length++] = '\n';
  for (size_t done = 0; done < length;) {
    ssize_t n = write(1, line + done, length - done);
    if (n <= 0) _exit(9);
    done += n;
  }
  length = 0;
}

/* The first mapping above the heap. */
static unsigned long lowest_library(void) {
  int maps = open("/proc/self/maps", O_RDONLY);
  size_t size = 0;
  for (ssize_t n; (n = read(maps, line + size, LINE - 1 - size)) > 0;) size += n;
  close(maps);
  for (char *at = line; *at != 0; at++) {
    unsigned long start = strtoul(at, &at, 16);
    if (start > (unsigned long)heap_start) return start;
    while (*at != 0 && *at != '\n') at++;
  }
  return 0;
}

static void run(char *script) {
  heap_start = sbrk(0);
  unsigned long library = lowest_library();
  put_unsigned((unsigned long)heap_start, 10);
  put(" ");
  put_unsigned(library, 10);
  flush();
  for (char *at = script; *at != 0;) {
    char op = *at++;
    long words[4];
    for (int i = 0; i < 4; i++) words[i] = strtol(at, &at, 10);
    while (*at != 0 && *at++ != '\n') continue;
    carry_out(op, &slots[words[0]], words[1], words[2], words[3]);
    if (shows_totals) totals();
    flush();
  }
  _exit(0);
}

int main(int argc, char **argv, char **environment) {
  if (argc > 1 && strcmp(argv[1], "--version") == 0) {
    put(gnu_get_libc_version());
    flush();
    return 0;
  }
  if ((personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0) {
    personality(ADDR_NO_RANDOMIZE);
    execve("/proc/self/exe", argv, environment);
    return 8;
  }
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  char script[SCRIPT]; /* on the stack, so that neither heap nor mappings know of it */
  size_t size = 0;
  for (ssize_t n; (n = read(0, script + size, SCRIPT - 1 - size)) > 0;) size += n;
  script[size] = 0;
  run(script);
}
