/** Macros that exist before any header. Source: gcc 12 -dM -E on x86-64 Linux, those that programs ask for. */
export const PREDEFINED = `
#define __STDC__ 1
#define __STDC_VERSION__ 201710L
#define __STDC_HOSTED__ 1
#define __GNUC__ 12
#define __GNUC_MINOR__ 2
#define __x86_64__ 1
#define __x86_64 1
#define __amd64__ 1
#define __linux__ 1
#define __linux 1
#define __unix__ 1
#define __LP64__ 1
#define _LP64 1
#define __ELF__ 1
#define __FAULTLINE__ 1
#define __CHAR_BIT__ 8
#define __INT_MAX__ 2147483647
#define __LONG_MAX__ 9223372036854775807L
#define __SIZEOF_INT__ 4
#define __SIZEOF_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_SIZE_T__ 8
#define __BIGGEST_ALIGNMENT__ 16
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
#define __SIZE_TYPE__ unsigned long
#define __PTRDIFF_TYPE__ long
#define __INTPTR_TYPE__ long
#define __UINTPTR_TYPE__ unsigned long
#define __DATE__ "Jan  1 2026"
#define __TIME__ "00:00:00"
#define __builtin_unreachable() ((void)0)
#define __builtin_trap() __builtin_abort()
#define __builtin_huge_val() __builtin_inf()
#define __builtin_memcpy memcpy
#define __builtin_memset memset
#define __builtin_strlen strlen
#define __builtin_alloca_with_align(n, a) __builtin_alloca(n)
`;
