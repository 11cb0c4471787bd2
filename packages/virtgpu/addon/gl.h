// GL in the addon: name tables, segments, replay, completions. All of it belongs to the thread that opened the context.
#pragma once
#include "common.h"
#include "generated/gl-abi.h"

enum { GL_NAMES_MAX = 1 << 20, GL_SEGMENTS_MAX = 65536, GL_UNIFORM_SLOTS_MAX = 256 };
#define GL_ZERO_SEGMENT 0xffffffffu

// Kinds of completion records, as GlCompletion in core.
enum { COMPLETION_FENCE = 1, COMPLETION_QUERY = 2, COMPLETION_PROGRAM = 3, COMPLETION_ERRORS = 4, COMPLETION_RESET = 5 };

// GL names by kind and dense index; untouched pages cost nothing.
extern GLuint gl_names[GL_KINDS][GL_NAMES_MAX];
// Check after every op and tell stderr; set by the debug option.
extern bool gl_debug;
// Calls to entry points that the driver lacks, since the last replay began.
extern uint32_t gl_missing_calls;

// ---- gl-load.c ----
typedef void (*GlProc)(void);
typedef GlProc (*GlGetProc)(const char *name);
void gl_load(GlGetProc get);
// Fixed state that the back end relies on, after the context is current.
void gl_reset_state(void);
// Counts the errors that GL has raised. @returns whether there was one
bool gl_check_error(uint32_t op);
// Empties the name tables and gives their pages back.
void gl_forget_names(void);
// With the debug option: GL's messages of errors go to stderr from now on.
void gl_start_debug_messages(void);

// ---- gl-replay support ----
// Checks [segment, offset low, offset high, length] against the registered segment.
bool gl_resolve(const uint32_t *reference, GlData *data);
// Whether a registered segment lies in this memory.
bool gl_uses_memory(const void *address, size_t length);

// ---- completions ----
void gl_complete(int32_t kind, int32_t id, int32_t low, int32_t high);

// ---- gl-program.c ----
char *gl_take_program_log(uint32_t program); // owned by the caller; NULL when empty
void gl_forget_programs(void);

// ---- gl-composite.c ----
void gl_ring_upload(const uint8_t *bytes, uint32_t length);
void gl_ring_destroy(void);
// Around every replay: what ops asked to be done behind the batch is done.
void gl_batch_begins(void);
void gl_batch_ends(void);
// Waits for everything that was replayed. Work that was flushed is waited for by its sync object: glFinish would flush again, and a
// driver with a thread of its own is woken by every flush.
void gl_wait_idle(void);
// Before GL work that is in no batch.
void gl_forget_last_work(void);
void gl_poll_queries(void);
void gl_forget_queries(void);
// Bytes of one texel of client memory; 0 for pairs that are not known.
uint32_t gl_texel_bytes(GLenum format, GLenum type);

// ---- import.c ----
// Makes the first bytes of a dma-buf the storage of the buffer that is bound to `target` (GL_EXT_memory_object_fd); the descriptor stays
// the caller's. `file_bytes`: of the whole dma-buf. 0, the GL error, or negative as the results of imports are. Drivers may crash in it.
int gl_memory_object(GLenum target, int fd, uint64_t file_bytes, uint32_t size);

// ---- fence.c ----
int fence_start(void); // 0 or -errno
void fence_insert(uint32_t id);
// Moves signalled fences to the completions.
void fence_poll(void);
// Waits until every inserted fence has signalled.
void fence_drain(void);
void fence_stop(void);
int fence_event_fd(void);

// ---- gl-trace.c ----
void gl_trace_write(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *gl_trace_pointer(const void *pointer);
char *gl_trace_take(void); // owned by the caller; NULL when nothing was written
