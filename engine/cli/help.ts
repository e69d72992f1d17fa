/** What `--help` prints. */

const MACHINE = `Machine:
  --ram N[K|M|G|p]      frames, or bytes with K, M, G; 1 GiB unless given
  --swap N[K|M|G|p]     swap slots, or bytes with K, M, G; none unless given
  --seed S              1 unless given
  --overcommit 0|1|2    0 unless given
  --page-size 4k|8k|2m  4k unless given; 8k exists on no x86-64 and is there to compare,
                        2m means huge pages wherever they fit
  --set NAME=VALUE      a setting below /proc/sys, such as overcommit_ratio,
                        swappiness, mmap_min_addr or page-cluster`;

export const HELP: Readonly<Record<string, string>> = {
  faultline: `faultline shows process memory work.

  faultline play SCENARIO…   plays scenarios and judges their claims
  faultline exec [FILE…]     runs a script of commands and prints what each did
  faultline run PROGRAM.c    runs a C program on the lab's machine
  faultline check FILE…      reads scenarios without running them
  faultline trace            counts the faults of a replacement policy
  faultline verify           compares the lab with the real kernel and C library of the machine
  faultline bench [NAME…]    measures speed and size against references in the same run

  --help behind a verb says more; --version prints the version.
`,
  play: `faultline play SCENARIO… [--json] [--to N]

Plays scenarios, each a file or the folder that holds scenario.yaml; one line a step.
Exit status: 0 all claims held, 1 one failed, 2 a scenario cannot be used.

  --json                one JSON object a step, then the totals
  --to N                only the steps 1 to N
  --schema              prints the JSON Schema of the format instead

A scenario's own machine wins unless an option is given; --set sets its parameters.
${MACHINE}
`,
  exec: `faultline exec [FILE…] [--json] [--malloc]

Runs a script, one command a line; standard input when there is no FILE or it is -.
The whole script is read before anything runs. Errors of system calls, signals and
kills are results: the exit status is 0 when all commands ran, 2 when the script
cannot be used.

  --json                one JSON object a command
  --footprint           also the memory of each process that it changed: asked for and not
                        freed, held by the allocator, heap up to the break, resident
  --malloc              malloc scripts: malloc, free, realloc … over names of pointers
  --design D,D…|all     with --malloc: the same script on several allocators side by side,
                        then what it cost each; glibc, first, best, worst, next (fits in a
                        list of free blocks), bitmap (a directory apart), buddy
  --capacity N[K|M|G|p] with --design: so much is all that the system has for each

${MACHINE}
`,
  check: `faultline check FILE…

Reads scenarios and checks everything that can be checked without running them.
Exit status: 0 all can be used, 2 one cannot.
`,
  verify: `faultline verify [--malloc] [--kernel] [--c] [--seeds A-B]

Carries out the same scripts in the lab and on the machine's own C library and kernel,
through small C programs that its gcc builds, and stops at the first difference: first
the recorded scripts, then random ones for each seed. All three parts unless named.
What is missing (gcc, root, Linux) is named and its part skipped. The kernel part wants
root, writes sysctls of the machine and swaps to /dev/zram0 if nobody uses that; it
puts all of it back, also on Ctrl-C.
Exit status: 0 nothing differs, 1 something does, 2 the call cannot be understood.

  --seeds A-B           1-20 unless given
`,
  bench: `faultline bench [NAME…] [--json] [--quick]

Measures the lab against references that run in turn with it: C built by the machine's
gcc, its malloc, packages of npm. All rows unless named; lru names every lru/… row.
A ratio is how many times better the lab is than its reference; larger is better, and
a goal is the least wanted. What is missing is named and its row skipped. Figures of a
busy machine mean little. Exit status: 0, also where a goal is missed.

  --json                one JSON object a row
  --quick               small enough for a test: the figures mean little
`,
  run: `faultline run [options] PROGRAM.c [args…]

Compiles a C program and runs it on the lab's machine; what follows its name is its own.
Standard output, standard error and the exit status are the program's; a fatal signal n
ends with 128 + n, a budget that runs out with 124, what is no program of the subset
with 2 and the place, before anything has run.

  --instructions N      2,000,000,000 unless given
  --output N            bytes that may be written; 64 MiB unless given
  --env NAME=VALUE      a variable of the environment, which is empty else
  --json FILE           writes figures of the run there, and what the program did wrong
  --explain             says on standard error what the program did wrong, and why
  --real-mode           without protection: addresses are physical, nothing is checked
${MACHINE}
`,
  trace: `faultline trace --policy P --frames N [--seed S] [--json] < references

Plays page numbers from standard input against a replacement policy and counts hits
and faults. Numbers are decimal or 0x, below 2^52, separated by white space or commas.
Exit status: 0, or 2 when the input cannot be used.

  --policy fifo         the page loaded first goes
           lru          the page not touched for the longest time
           clock        the first page the hand finds without its reference bit
           lfu          the page touched least often since it was loaded
           random       any page
           opt          the page needed last, or never again: the fewest faults possible
           linux        two lists, active and inactive, with second chance
  --frames N            from 1
  --seed S              for random; 1 unless given
  --json                one JSON object
`,
};
