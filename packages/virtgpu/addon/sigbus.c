// SIGBUS guard: a peer that shortens a file takes pages away under our mapping, and touching them raises SIGBUS. The handler puts
// zero pages over the rest of that mapping and flags it, so that only this peer's data is lost. Any other SIGBUS stays fatal.
#include "common.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SLOTS = 65536 };

typedef struct {
  _Atomic(uintptr_t) start; // 0: free
  atomic_size_t length;
  atomic_bool damaged;
} Slot;

static Slot slots[SLOTS];
static int free_slots[SLOTS];
static int free_count;
static _Atomic int used_slots; // slots ever used: the handler looks no further
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction previous;
static uintptr_t page_size;

static void on_sigbus(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  int saved_errno = errno;
  uintptr_t address = (uintptr_t)info->si_addr;
  int used = atomic_load(&used_slots);
  for (int slot = 0; slot < used; slot++) {
    uintptr_t start = atomic_load(&slots[slot].start);
    size_t length = atomic_load(&slots[slot].length);
    if (start == 0 || address < start || address - start >= length) continue;
    uintptr_t page = address & ~(page_size - 1);
    size_t rest = (start + length - page + page_size - 1) & ~(page_size - 1);
    void *zeros = mmap((void *)page, rest, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (zeros == MAP_FAILED) break;
    atomic_store(&slots[slot].damaged, true);
    errno = saved_errno;
    return;
  }
  // Not ours: the access repeats under the previous action, which by default ends the process. A signal that was sent has no access
  // to repeat.
  sigaction(SIGBUS, &previous, NULL);
  if (info->si_code <= 0) raise(SIGBUS);
  errno = saved_errno;
}

int sigbus_install(void) {
  int result = 0;
  pthread_mutex_lock(&lock);
  if (page_size == 0) {
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    result = sigaction(SIGBUS, &action, &previous);
    if (result != 0) page_size = 0;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int sigbus_register(void *address, size_t length) {
  pthread_mutex_lock(&lock);
  int slot = -1;
  int used = atomic_load(&used_slots);
  if (free_count > 0) slot = free_slots[--free_count];
  else if (used < SLOTS) slot = used;
  if (slot >= 0) {
    atomic_store(&slots[slot].damaged, false);
    atomic_store(&slots[slot].length, length);
    atomic_store(&slots[slot].start, (uintptr_t)address);
    if (slot == used) atomic_store(&used_slots, used + 1);
  }
  pthread_mutex_unlock(&lock);
  return slot;
}

void sigbus_unregister(int slot) {
  if (slot < 0) return;
  pthread_mutex_lock(&lock);
  atomic_store(&slots[slot].start, 0);
  free_slots[free_count++] = slot;
  pthread_mutex_unlock(&lock);
}

bool sigbus_damaged(int slot) {
  return slot >= 0 && atomic_load(&slots[slot].damaged);
}
