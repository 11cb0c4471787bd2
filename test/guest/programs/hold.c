/* LD_PRELOAD: a program that returns from main keeps what it shows until the host sends a line. */
#include <stdio.h>

__attribute__((destructor)) static void hold(void) {
  char line[16];
  printf("GUEST-STEP:held\n");
  fflush(stdout);
  if (fgets(line, sizeof line, stdin) == NULL) return;
}
