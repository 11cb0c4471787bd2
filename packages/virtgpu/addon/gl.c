// The JavaScript side of GL: batch memory, segments, replay, completions, questions at start-up.
#include "gl.h"
#include "egl.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  uint8_t *bytes; // NULL: free
  size_t length;
} Segment;

static Segment segments[GL_SEGMENTS_MAX];
static uint32_t segments_used; // ids ever used: nothing lies beyond

static const uint32_t *batch_words;
static uint32_t batch_capacity;
static const uint32_t *batch_pieces;
static uint32_t piece_capacity;
static uint8_t *ring_bytes;
static uint32_t ring_capacity;
static napi_ref batch_references[3];

typedef struct {
  int32_t kind, id, low, high;
} Completion;

static Completion *completions;
static uint32_t completion_count, completion_capacity, completion_read;

static uint32_t error_count;
static GLenum first_error;
static uint32_t first_error_op;

bool gl_resolve(const uint32_t *reference, GlData *data) {
  uint32_t id = reference[0];
  uint64_t offset = reference[1] | (uint64_t)reference[2] << 32;
  if (id >= GL_SEGMENTS_MAX) return false;
  const Segment *segment = &segments[id];
  if (segment->bytes == NULL || offset > segment->length || reference[3] > segment->length - offset) return false;
  data->bytes = segment->bytes + offset;
  data->length = reference[3];
  return true;
}

bool gl_uses_memory(const void *address, size_t length) {
  uintptr_t start = (uintptr_t)address;
  for (uint32_t id = 0; id < segments_used; id++) {
    uintptr_t bytes = (uintptr_t)segments[id].bytes;
    if (bytes >= start && bytes < start + length) return true;
  }
  return false;
}

void gl_complete(int32_t kind, int32_t id, int32_t low, int32_t high) {
  if (completion_count == completion_capacity) {
    uint32_t capacity = completion_capacity == 0 ? 256 : completion_capacity * 2;
    Completion *grown = realloc(completions, capacity * sizeof *completions);
    if (grown == NULL) return;
    completions = grown;
    completion_capacity = capacity;
  }
  completions[completion_count++] = (Completion){kind, id, low, high};
}

enum { CONTEXT_LOST = 0x0507, MAX_ERRORS_AT_ONCE = 16 };

bool gl_check_error(uint32_t op) {
  for (int round = 0; round < MAX_ERRORS_AT_ONCE; round++) {
    GLenum error = gl.GetError();
    if (error == 0) return round > 0;
    if (error_count++ == 0) {
      first_error = error;
      first_error_op = op;
    }
    if (gl_debug) fprintf(stderr, "virtgpu: GL error 0x%04x after %s\n", error, gl_op_names[op]);
    if (error == CONTEXT_LOST) return true;
  }
  return true;
}

enum { BAD_PIECE = -2 }; // GL_BAD_PIECE in core

static bool gather(uint32_t pieces, uint32_t ring_length) {
  for (uint32_t index = 0; index < pieces; index++) {
    const uint32_t *piece = batch_pieces + (size_t)index * 4;
    uint32_t length = piece[2], target = piece[3];
    if (target > ring_length || length > ring_length - target) return false;
    if (piece[0] == GL_ZERO_SEGMENT) {
      memset(ring_bytes + target, 0, length);
      continue;
    }
    GlData source;
    uint32_t reference[4] = {piece[0], piece[1], 0, length};
    if (!gl_resolve(reference, &source)) return false;
    memcpy(ring_bytes + target, source.bytes, length);
  }
  return true;
}

static FUNCTION(js_replay) {
  ARGUMENTS(3);
  uint32_t words = to_u32(env, args[0]), pieces = to_u32(env, args[1]), ring_length = to_u32(env, args[2]);
  if (egl_display == NULL || batch_words == NULL || words > batch_capacity || pieces > piece_capacity || ring_length > ring_capacity)
    return from_double(env, 0);
  if (ring_length > 0) {
    if (!gather(pieces, ring_length)) return from_double(env, BAD_PIECE);
    gl_ring_upload(ring_bytes, ring_length);
  }
  gl_missing_calls = 0;
  gl_batch_begins();
  int64_t bad = gl_replay(batch_words, words);
  gl_batch_ends();
  gl_check_error(0);
  return from_double(env, (double)bad);
}

static FUNCTION(js_attach) {
  ARGUMENTS(3);
  for (int index = 0; index < 3; index++) {
    if (batch_references[index] != NULL) napi_delete_reference(env, batch_references[index]);
    batch_references[index] = NULL;
    napi_create_reference(env, args[index], 1, &batch_references[index]);
  }
  View words = to_view(env, args[0]), pieces = to_view(env, args[1]), ring = to_view(env, args[2]);
  batch_words = (const uint32_t *)words.bytes;
  batch_capacity = (uint32_t)(words.length / 4);
  batch_pieces = (const uint32_t *)pieces.bytes;
  piece_capacity = (uint32_t)(pieces.length / 16);
  ring_bytes = ring.bytes;
  ring_capacity = (uint32_t)ring.length;
  gl_start_debug_messages(); // not before: probing provokes errors on purpose
  return NULL;
}

static FUNCTION(js_register_segment) {
  ARGUMENTS(2);
  uint32_t id = to_u32(env, args[0]);
  View view = to_view(env, args[1]);
  static uint8_t nothing; // an empty array may have no address
  if (id >= GL_SEGMENTS_MAX) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "no such segment id");
    return NULL;
  }
  segments[id] = (Segment){view.length == 0 ? &nothing : view.bytes, view.length};
  if (id >= segments_used) segments_used = id + 1;
  return NULL;
}

static FUNCTION(js_unregister_segment) {
  ARGUMENTS(1);
  uint32_t id = to_u32(env, args[0]);
  if (id < GL_SEGMENTS_MAX) segments[id] = (Segment){NULL, 0};
  while (segments_used > 0 && segments[segments_used - 1].bytes == NULL) segments_used--;
  return NULL;
}

static FUNCTION(js_poll) {
  ARGUMENTS(1);
  View out = to_view(env, args[0]);
  if (completion_read == completion_count) completion_read = completion_count = 0;
  // Queries first: a fence must not be seen before the results of the queries that it covers.
  if (egl_display != NULL) gl_poll_queries();
  fence_poll();
  bool is_suspect = false;
  if (error_count > 0) {
    gl_complete(COMPLETION_ERRORS, (int32_t)error_count, (int32_t)first_error, (int32_t)first_error_op);
    is_suspect = true;
    error_count = 0;
  }
  uint32_t status = egl_display == NULL ? 0 : egl_reset_status(is_suspect);
  if (status != 0) gl_complete(COMPLETION_RESET, (int32_t)status, 0, 0);
  uint32_t records = (uint32_t)(out.length / sizeof(Completion));
  if (records > completion_count - completion_read) records = completion_count - completion_read;
  if (records > 0) memcpy(out.bytes, completions + completion_read, records * sizeof(Completion));
  completion_read += records;
  return from_double(env, records);
}

static FUNCTION(js_take_program_log) {
  ARGUMENTS(1);
  char *log = gl_take_program_log(to_u32(env, args[0]));
  napi_value text = from_text(env, log);
  free(log);
  return text;
}

static FUNCTION(js_finish) {
  (void)env;
  (void)info;
  if (egl_display == NULL) return NULL;
  gl_wait_idle();
  fence_drain();
  return NULL;
}

static FUNCTION(js_fence_event_fd) {
  (void)info;
  return from_i32(env, fence_event_fd());
}

// ---- questions ----

static bool had_error(void) {
  bool any = false;
  for (int round = 0; round < MAX_ERRORS_AT_ONCE && gl.GetError() != 0; round++) any = true;
  return any;
}

static FUNCTION(js_integer) {
  ARGUMENTS(2);
  GLint64 wide = 0;
  GLint values[16] = {0};
  uint32_t index = to_u32(env, args[1]);
  if (egl_display == NULL) return from_double(env, NAN);
  if (index > 0) {
    gl.GetIntegerv(to_u32(env, args[0]), values);
    wide = index < 16 ? values[index] : 0;
  } else {
    gl.GetInteger64v(to_u32(env, args[0]), &wide);
  }
  return from_double(env, had_error() ? NAN : (double)wide);
}

static FUNCTION(js_float) {
  ARGUMENTS(2);
  GLfloat values[16] = {0};
  uint32_t index = to_u32(env, args[1]);
  if (egl_display == NULL || index >= 16) return from_double(env, NAN);
  gl.GetFloatv(to_u32(env, args[0]), values);
  return from_double(env, had_error() ? NAN : (double)values[index]);
}

static FUNCTION(js_text) {
  ARGUMENTS(1);
  const GLubyte *text = egl_display == NULL ? NULL : gl.GetString(to_u32(env, args[0]));
  if (egl_display != NULL) had_error();
  return from_text(env, (const char *)text);
}

static FUNCTION(js_extensions) {
  (void)info;
  enum { NUM_EXTENSIONS = 0x821d, EXTENSIONS = 0x1f03 };
  napi_value list;
  napi_create_array(env, &list);
  GLint count = 0;
  if (egl_display == NULL) return list;
  gl.GetIntegerv(NUM_EXTENSIONS, &count);
  for (GLint index = 0; index < count; index++) {
    const GLubyte *name = gl.GetStringi(EXTENSIONS, (GLuint)index);
    napi_set_element(env, list, (uint32_t)index, from_text(env, (const char *)name));
  }
  return list;
}

enum { TEXTURE_2D = 0x0de1, FRAMEBUFFER = 0x8d40, FRAMEBUFFER_COMPLETE = 0x8cd5, RENDERBUFFER = 0x8d41, PROBE_SIZE = 16 };

static GLenum attachment_of(uint32_t kind) {
  static const GLenum attachments[4] = {0x8ce0, 0x8d00, 0x8d20, 0x821a}; // colour 0, depth, stencil, both
  return attachments[kind & 3];
}

// Tries the format as texture, as attachment and asks for its sample counts; leaves no error, object or binding behind.
static void probe_format(GLenum format, uint32_t kind, int32_t *out, uint32_t capacity) {
  enum { NUM_SAMPLE_COUNTS = 0x9380, SAMPLES = 0x80a9, READ_FORMAT = 0x8b9b, READ_TYPE = 0x8b9a, MAX_COUNTS = 16 };
  GLuint texture = 0, framebuffer = 0;
  memset(out, 0, capacity * sizeof *out);
  gl.GenTextures(1, &texture);
  gl.BindTexture(TEXTURE_2D, texture);
  gl.TexStorage2D(TEXTURE_2D, 1, format, PROBE_SIZE, PROBE_SIZE);
  out[0] = !had_error();
  if (out[0]) {
    gl.GenFramebuffers(1, &framebuffer);
    gl.BindFramebuffer(FRAMEBUFFER, framebuffer);
    gl.FramebufferTexture2D(FRAMEBUFFER, attachment_of(kind), TEXTURE_2D, texture, 0);
    out[1] = gl.CheckFramebufferStatus(FRAMEBUFFER) == FRAMEBUFFER_COMPLETE && !had_error();
    if (out[1] && kind == 0) {
      gl.GetIntegerv(READ_FORMAT, &out[2]);
      gl.GetIntegerv(READ_TYPE, &out[3]);
    }
    gl.BindFramebuffer(FRAMEBUFFER, 0);
    gl.DeleteFramebuffers(1, &framebuffer);
  }
  gl.BindTexture(TEXTURE_2D, 0);
  gl.DeleteTextures(1, &texture);
  GLint count = 0, counts[MAX_COUNTS] = {0};
  if (out[1]) gl.GetInternalformativ(RENDERBUFFER, format, NUM_SAMPLE_COUNTS, 1, &count);
  if (had_error() || count < 0) count = 0;
  if (count > MAX_COUNTS) count = MAX_COUNTS;
  if (count > 0) gl.GetInternalformativ(RENDERBUFFER, format, SAMPLES, count, counts);
  had_error();
  out[4] = count;
  for (GLint index = 0; index < count && 5 + (uint32_t)index < capacity; index++) out[5 + index] = counts[index];
}

static FUNCTION(js_probe_format) {
  ARGUMENTS(3);
  View out = to_view(env, args[2]);
  if (egl_display != NULL && out.length >= 24) probe_format(to_u32(env, args[0]), to_u32(env, args[1]), (int32_t *)out.bytes, (uint32_t)(out.length / 4));
  return NULL;
}

// Runs the replay on entries that write what they were called with; object names equal their indices.
static FUNCTION(js_trace) {
  ARGUMENTS(2);
  enum { TRACED_NAMES = 4096 };
  View words = to_view(env, args[0]);
  uint32_t count = to_u32(env, args[1]);
  if (egl_display != NULL || count > words.length / 4) return from_text(env, "");
  gl_trace_entries(&gl);
  for (int kind = 0; kind < GL_KINDS; kind++)
    for (GLuint name = 0; name < TRACED_NAMES; name++) gl_names[kind][name] = name;
  gl_missing_calls = 0;
  gl_batch_begins();
  int64_t bad = gl_replay((const uint32_t *)words.bytes, count);
  gl_batch_ends();
  for (int kind = 0; kind < GL_KINDS; kind++) memset(gl_names[kind], 0, TRACED_NAMES * sizeof(GLuint));
  gl_forget_programs();
  gl_forget_queries();
  completion_count = completion_read = 0;
  if (bad >= 0) gl_trace_write("bad op at %lld\n", (long long)bad);
  char *text = gl_trace_take();
  napi_value result = from_text(env, text);
  free(text);
  return result;
}

void gl_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "glAttach", js_attach);
  export_function(env, exports, "glRegisterSegment", js_register_segment);
  export_function(env, exports, "glUnregisterSegment", js_unregister_segment);
  export_function(env, exports, "glReplay", js_replay);
  export_function(env, exports, "glPoll", js_poll);
  export_function(env, exports, "glTakeProgramLog", js_take_program_log);
  export_function(env, exports, "glFinish", js_finish);
  export_function(env, exports, "glFenceEventFd", js_fence_event_fd);
  export_function(env, exports, "glInteger", js_integer);
  export_function(env, exports, "glFloat", js_float);
  export_function(env, exports, "glText", js_text);
  export_function(env, exports, "glExtensions", js_extensions);
  export_function(env, exports, "glProbeFormat", js_probe_format);
  export_function(env, exports, "glTrace", js_trace);
}
