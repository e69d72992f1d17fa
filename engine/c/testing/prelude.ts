/** What random programs put their numbers out with. */
export const PRELUDE = `#include <stdio.h>
void out(long x) { printf("%ld\\n", x); }
void outd(double x) { printf("d%.17g\\n", x); }
`;
