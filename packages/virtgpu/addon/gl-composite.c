// Ops that are more than one GL call. Each returns whether it accepts its arguments: what GL would read or write must lie in the data.
#include "gl.h"
#include "egl.h"
#include <stdlib.h>
#include <string.h>

enum {
  UNPACK_ROW_LENGTH = 0x0cf2,
  UNPACK_IMAGE_HEIGHT = 0x806e,
  PACK_ROW_LENGTH = 0x0d02,
  UNIFORM_BUFFER = 0x8a11,
  STREAM_DRAW = 0x88e0,
  MAP_READ_BIT = 0x0001,
  QUERY_RESULT = 0x8866,
  QUERY_RESULT_AVAILABLE = 0x8867,
};

// ---- texels in client memory ----

static uint32_t components(GLenum format) {
  switch (format) {
  case 0x1903: case 0x1902: case 0x1901: case 0x8d94: case 0x1906: case 0x1909: return 1; // RED, DEPTH, STENCIL, RED_INTEGER, ALPHA, LUMINANCE
  case 0x8227: case 0x8228: case 0x190a: return 2;                                        // RG, RG_INTEGER, LUMINANCE_ALPHA
  case 0x1907: case 0x8d98: return 3;                                                     // RGB, RGB_INTEGER
  case 0x1908: case 0x8d99: case 0x80e1: return 4;                                        // RGBA, RGBA_INTEGER, BGRA
  default: return 0;
  }
}

uint32_t gl_texel_bytes(GLenum format, GLenum type) {
  switch (type) {
  case 0x8363: case 0x8033: case 0x8034: return 2;                           // 5_6_5, 4_4_4_4, 5_5_5_1
  case 0x8368: case 0x8c3b: case 0x8c3e: case 0x84fa: return 4;              // 2_10_10_10_REV, 10F_11F_11F_REV, 5_9_9_9_REV, 24_8
  case 0x8dad: return 8;                                                     // FLOAT_32_UNSIGNED_INT_24_8_REV
  case 0x1400: case 0x1401: return components(format);                       // (UNSIGNED_)BYTE
  case 0x1402: case 0x1403: case 0x140b: case 0x8d61: return 2 * components(format); // (UNSIGNED_)SHORT, HALF_FLOAT(_OES)
  case 0x1404: case 0x1405: case 0x1406: return 4 * components(format);      // (UNSIGNED_)INT, FLOAT
  default: return 0;
  }
}

// How the texels of a box lie in memory, and how GL is told. GL steps by whole texels, by whole rows and, in many drivers, by 32-bit
// numbers: rows or layers that lie otherwise go one by one. Every number here may be a guest's.
typedef struct {
  uint32_t stride, layer_stride; // bytes
  bool rows_apart, layers_apart;
  uint32_t row_length, image_height; // as GL takes them for one call: texels and rows; 0: tight
} Layout;

// False when the texels do not lie in `length` bytes, or would overlap. A stride of 0 is tight.
static bool layout_box(Layout *layout, int32_t width, int32_t height, int32_t depth, uint32_t texel, uint32_t stride, uint32_t layer_stride, uint32_t length) {
  *layout = (Layout){0};
  if (width < 0 || height < 0 || depth < 0 || texel == 0) return false;
  uint64_t row = (uint64_t)width * texel;
  if (row > INT32_MAX) return false;
  if (stride == 0) stride = (uint32_t)row;
  if (width == 0 || height == 0 || depth == 0) return true;
  // Not even for a single row: layers are stepped over in rows of this stride.
  if (stride < row) return false;
  uint64_t layer = (uint64_t)stride * (uint32_t)(height - 1) + row; // to behind the last texel
  uint64_t layer_step = layer_stride != 0 ? layer_stride : (uint64_t)stride * (uint32_t)height;
  if (depth > 1 && (layer_step < layer || layer_step > UINT32_MAX)) return false;
  uint64_t all = (depth > 1 ? layer_step * (uint32_t)(depth - 1) : 0) + layer;
  if (all > length) return false;
  bool is_whole_texels = stride % texel == 0;
  layout->stride = stride;
  layout->layer_stride = depth > 1 ? (uint32_t)layer_step : 0;
  layout->rows_apart = height > 1 && (!is_whole_texels || layer > INT32_MAX);
  layout->layers_apart = depth > 1 && (layout->rows_apart || !is_whole_texels || layer_step % stride != 0 || all > INT32_MAX);
  bool has_rows = height > 1 && !layout->rows_apart, has_layers = depth > 1 && !layout->layers_apart;
  // Never 0 where it is used: a stride holds a row, and a row a texel. GL would read 0 as "the box's own width".
  if (has_rows || has_layers) layout->row_length = stride / texel;
  if (has_layers) layout->image_height = layout->layer_stride / stride;
  return true;
}

static GLint unpack_row_length, unpack_image_height, pack_row_length;

static void set_pixel_store(GLenum name, GLint *current, uint32_t value) {
  if (*current == (GLint)value) return;
  *current = (GLint)value;
  gl.PixelStorei(name, (GLint)value);
}

int gl_op_texSubImage2D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, GLenum type, uint32_t stride, GlData data) {
  Layout layout;
  if (!layout_box(&layout, width, height, 1, gl_texel_bytes(format, type), stride, 0, data.length)) return 0;
  if (width == 0 || height == 0) return 1;
  set_pixel_store(UNPACK_ROW_LENGTH, &unpack_row_length, layout.row_length);
  if (!layout.rows_apart) {
    gl.TexSubImage2D(target, level, x, y, width, height, format, type, data.bytes);
    return 1;
  }
  for (int32_t row = 0; row < height; row++)
    gl.TexSubImage2D(target, level, x, y + row, width, 1, format, type, data.bytes + (size_t)row * layout.stride);
  return 1;
}

int gl_op_texSubImage3D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t z, int32_t width, int32_t height, int32_t depth, GLenum format, GLenum type, uint32_t stride, uint32_t layer_stride, GlData data) {
  Layout layout;
  if (!layout_box(&layout, width, height, depth, gl_texel_bytes(format, type), stride, layer_stride, data.length)) return 0;
  if (width == 0 || height == 0 || depth == 0) return 1;
  set_pixel_store(UNPACK_ROW_LENGTH, &unpack_row_length, layout.row_length);
  set_pixel_store(UNPACK_IMAGE_HEIGHT, &unpack_image_height, layout.image_height);
  if (!layout.rows_apart && !layout.layers_apart) {
    gl.TexSubImage3D(target, level, x, y, z, width, height, depth, format, type, data.bytes);
    return 1;
  }
  for (int32_t layer = 0; layer < depth; layer++) {
    const uint8_t *bytes = data.bytes + (size_t)layer * layout.layer_stride;
    if (!layout.rows_apart) {
      gl.TexSubImage3D(target, level, x, y, z + layer, width, height, 1, format, type, bytes);
      continue;
    }
    for (int32_t row = 0; row < height; row++)
      gl.TexSubImage3D(target, level, x, y + row, z + layer, width, 1, 1, format, type, bytes + (size_t)row * layout.stride);
  }
  return 1;
}

int gl_op_readPixels(int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, GLenum type, uint32_t stride, GlData data) {
  Layout layout;
  uint32_t texel = gl_texel_bytes(format, type);
  if (!layout_box(&layout, width, height, 1, texel, stride, 0, data.length)) return 0;
  if (width == 0 || height == 0) return 1;
  set_pixel_store(PACK_ROW_LENGTH, &pack_row_length, layout.row_length);
  gl_check_error(0); // what came before is not the read's
  if (!layout.rows_apart) gl.ReadPixels(x, y, width, height, format, type, data.bytes);
  for (int32_t row = 0; layout.rows_apart && row < height; row++)
    gl.ReadPixels(x, y + row, width, 1, format, type, data.bytes + (size_t)row * layout.stride);
  // GL wrote nothing where it refused. The bytes that are there may be another guest's: this may be staging memory. Asking costs nothing
  // here, as the read has waited for the driver.
  if (gl_check_error(0))
    for (int32_t row = 0; row < height; row++) memset(data.bytes + (size_t)row * layout.stride, 0, (size_t)width * texel);
  return 1;
}

// ---- compressed texels ----

typedef struct {
  uint32_t row_bytes, rows, stride;
  uint64_t layer_stride;
  uint32_t layer_bytes; // tight
} Blocks;

// As layout_box, in rows of blocks.
static bool layout_blocks(Blocks *blocks, int32_t width, int32_t height, int32_t depth, uint32_t block_width, uint32_t block_height, uint32_t block_bytes, uint32_t stride, uint32_t layer_stride, uint32_t length) {
  *blocks = (Blocks){0};
  if (width < 0 || height < 0 || depth < 0 || block_width == 0 || block_height == 0 || block_bytes == 0 || block_bytes > 64) return false;
  uint64_t row_bytes = ((uint64_t)(uint32_t)width + block_width - 1) / block_width * block_bytes;
  uint64_t rows = ((uint64_t)(uint32_t)height + block_height - 1) / block_height;
  if (row_bytes > INT32_MAX || row_bytes * rows > INT32_MAX) return false;
  if (width == 0 || height == 0 || depth == 0) return true;
  if (stride == 0) stride = (uint32_t)row_bytes;
  if (stride < row_bytes) return false;
  uint64_t layer = stride * (rows - 1) + row_bytes;
  uint64_t layer_step = layer_stride != 0 ? layer_stride : stride * rows;
  if (depth > 1 && layer_step < layer) return false;
  if ((depth > 1 ? layer_step * (uint32_t)(depth - 1) : 0) + layer > length) return false;
  *blocks = (Blocks){(uint32_t)row_bytes, (uint32_t)rows, stride, layer_step, (uint32_t)(row_bytes * rows)};
  return true;
}

int gl_op_compressedTexSubImage2D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, uint32_t block_width, uint32_t block_height, uint32_t block_bytes, uint32_t stride, GlData data) {
  Blocks blocks;
  if (!layout_blocks(&blocks, width, height, 1, block_width, block_height, block_bytes, stride, 0, data.length)) return 0;
  if (width == 0 || height == 0) return 1;
  if (blocks.stride == blocks.row_bytes) {
    gl.CompressedTexSubImage2D(target, level, x, y, width, height, format, (GLsizei)blocks.layer_bytes, data.bytes);
    return 1;
  }
  for (uint32_t row = 0; row < blocks.rows; row++) {
    int32_t top = (int32_t)(row * block_height), rest = height - top;
    int32_t rows = rest < (int32_t)block_height ? rest : (int32_t)block_height;
    gl.CompressedTexSubImage2D(target, level, x, y + top, width, rows, format, (GLsizei)blocks.row_bytes, data.bytes + (size_t)row * blocks.stride);
  }
  return 1;
}

int gl_op_compressedTexSubImage3D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t z, int32_t width, int32_t height, int32_t depth, GLenum format, uint32_t block_width, uint32_t block_height, uint32_t block_bytes, uint32_t stride, uint32_t layer_stride, GlData data) {
  Blocks blocks;
  if (!layout_blocks(&blocks, width, height, depth, block_width, block_height, block_bytes, stride, layer_stride, data.length)) return 0;
  if (width == 0 || height == 0 || depth == 0) return 1;
  for (int32_t index = 0; index < depth; index++) {
    const uint8_t *bytes = data.bytes + (size_t)index * blocks.layer_stride;
    if (blocks.stride == blocks.row_bytes) {
      gl.CompressedTexSubImage3D(target, level, x, y, z + index, width, height, 1, format, (GLsizei)blocks.layer_bytes, bytes);
      continue;
    }
    for (uint32_t row = 0; row < blocks.rows; row++) {
      int32_t top = (int32_t)(row * block_height), rest = height - top;
      int32_t rows = rest < (int32_t)block_height ? rest : (int32_t)block_height;
      gl.CompressedTexSubImage3D(target, level, x, y + top, z + index, width, rows, 1, format, (GLsizei)blocks.row_bytes, bytes + (size_t)row * blocks.stride);
    }
  }
  return 1;
}

// ---- buffers ----

int gl_op_bufferData(GLenum target, GLenum usage, GlData data) {
  gl.BufferData(target, (GLsizeiptr)data.length, data.bytes, usage);
  return 1;
}

int gl_op_bufferSubData(GLenum target, uint32_t offset, GlData data) {
  if (data.length > 0) gl.BufferSubData(target, (GLintptr)offset, (GLsizeiptr)data.length, data.bytes);
  return 1;
}

// WORKAROUND(NVIDIA 5xx, GLES and GL): zeros written by two or more glBufferSubData, then the guest's data by another, all before the
// first draw, left the zeros on top (seen on an H100, 2026-11). So the zeros come with the storage, in one call.
int gl_op_bufferZeros(GLenum target, uint32_t size, GLenum usage) {
  // calloc's large blocks are the kernel's zero page until written, so this costs no memory.
  void *zeros = calloc(size > 0 ? size : 1, 1);
  if (zeros == NULL) return 1; // no storage rather than somebody's bytes: later uses are GL errors, which are counted
  gl.BufferData(target, (GLsizeiptr)size, zeros, usage);
  free(zeros);
  return 1;
}

int gl_op_getBufferSubData(GLenum target, uint32_t offset, GlData data) {
  if (data.length == 0) return 1;
  const void *mapped = gl.MapBufferRange(target, (GLintptr)offset, (GLsizeiptr)data.length, MAP_READ_BIT);
  if (mapped == NULL) { // GL has raised an error, which is counted
    memset(data.bytes, 0, data.length);
    return 1;
  }
  memcpy(data.bytes, mapped, data.length);
  gl.UnmapBuffer(target);
  return 1;
}

int gl_op_copyBytes(GlData dst, GlData src) {
  if (dst.length != src.length) return 0;
  memmove(dst.bytes, src.bytes, src.length);
  return 1;
}

// ---- the uniform ring ----

// Several buffers in turn, each replaced as a whole: the driver need not wait for draws that still read the last one, and a partial
// update of a busy buffer crashes Mesa 22.3's no-op driver.
enum { RING_BUFFERS = 8 };
static GLuint ring_buffers[RING_BUFFERS];
static uint32_t ring_current, ring_length;

void gl_ring_upload(const uint8_t *bytes, uint32_t length) {
  if (ring_buffers[0] == 0) gl.GenBuffers(RING_BUFFERS, ring_buffers);
  ring_current = (ring_current + 1) % RING_BUFFERS;
  ring_length = length;
  gl.BindBuffer(UNIFORM_BUFFER, ring_buffers[ring_current]);
  gl.BufferData(UNIFORM_BUFFER, (GLsizeiptr)length, bytes, STREAM_DRAW);
}

void gl_ring_destroy(void) {
  if (ring_buffers[0] != 0) gl.DeleteBuffers(RING_BUFFERS, ring_buffers);
  memset(ring_buffers, 0, sizeof ring_buffers);
  ring_length = 0;
  unpack_row_length = unpack_image_height = pack_row_length = 0;
}

int gl_op_bindUniformRing(uint32_t slot, uint32_t offset, uint32_t size) {
  if (offset > ring_length || size > ring_length - offset) return 0;
  gl.BindBufferRange(UNIFORM_BUFFER, slot, ring_buffers[ring_current], (GLintptr)offset, (GLsizeiptr)size);
  return 1;
}

// ---- queries ----

typedef struct {
  uint32_t query, ticket;
  GLuint name;
} PendingQuery;

enum { MAX_PENDING_QUERIES = 4096 };
static PendingQuery pending_queries[MAX_PENDING_QUERIES];
static uint32_t pending_query_count;

static void complete_query(const PendingQuery *pending, GLuint64 result) {
  gl_complete(COMPLETION_QUERY, (int32_t)pending->ticket, (int32_t)(uint32_t)result, (int32_t)(uint32_t)(result >> 32));
}

// Completes the query if its result is there, or if it was deleted.
static bool try_query(const PendingQuery *pending, bool may_wait) {
  if (pending->name == 0 || gl_names[GL_KIND_QUERY][pending->query] != pending->name) {
    complete_query(pending, 0);
    return true;
  }
  GLuint is_available = 0;
  if (!may_wait) {
    gl.GetQueryObjectuiv(pending->name, QUERY_RESULT_AVAILABLE, &is_available);
    if (!is_available) return false;
  }
  GLuint64 result = 0;
  uint32_t missing = gl_missing_calls;
  gl.GetQueryObjectui64vEXT(pending->name, QUERY_RESULT, &result);
  if (gl_missing_calls != missing) {
    GLuint narrow = 0;
    gl_missing_calls = missing;
    gl.GetQueryObjectuiv(pending->name, QUERY_RESULT, &narrow);
    result = narrow;
  }
  complete_query(pending, result);
  return true;
}

void gl_poll_queries(void) {
  uint32_t kept = 0;
  for (uint32_t index = 0; index < pending_query_count; index++)
    if (!try_query(&pending_queries[index], false)) pending_queries[kept++] = pending_queries[index];
  pending_query_count = kept;
}

void gl_forget_queries(void) {
  pending_query_count = 0;
}

int gl_op_queryResult(uint32_t query, uint32_t ticket) {
  PendingQuery pending = {query, ticket, gl_names[GL_KIND_QUERY][query]};
  // Too many at once: rather wait for the oldest than lose one.
  if (pending_query_count == MAX_PENDING_QUERIES) {
    try_query(&pending_queries[0], true);
    memmove(pending_queries, pending_queries + 1, --pending_query_count * sizeof *pending_queries);
  }
  pending_queries[pending_query_count++] = pending;
  return 1;
}

// ---- transform feedback ----

// By index. A program that did not link is in use as program 0, and whether it did is known here first.
static bool feedback_began[GL_NAMES_MAX];

int gl_op_beginTransformFeedback(uint32_t feedback, uint32_t program, GLenum mode) {
  feedback_began[feedback] = gl_names[GL_KIND_PROGRAM][program] != 0;
  if (feedback_began[feedback]) gl.BeginTransformFeedback(mode);
  return 1;
}

int gl_op_endTransformFeedback(uint32_t feedback) {
  if (feedback_began[feedback]) gl.EndTransformFeedback();
  feedback_began[feedback] = false;
  return 1;
}

int gl_op_pauseTransformFeedback(uint32_t feedback) {
  if (feedback_began[feedback]) gl.PauseTransformFeedback();
  return 1;
}

int gl_op_resumeTransformFeedback(uint32_t feedback) {
  if (feedback_began[feedback]) gl.ResumeTransformFeedback();
  return 1;
}

// ---- fences ----

int gl_op_fence(uint32_t id) {
  fence_insert(id);
  return 1;
}

static bool wants_flush;
// Behind everything that was replayed; NULL: more was, or nothing was flushed.
static GLsync last_work;

int gl_op_flushDriver(void) {
  wants_flush = true;
  return 1;
}

void gl_forget_last_work(void) {
  if (last_work != NULL) gl.DeleteSync(last_work);
  last_work = NULL;
}

void gl_batch_begins(void) {
  wants_flush = false;
  gl_forget_last_work();
}

void gl_batch_ends(void) {
  enum { SYNC_GPU_COMMANDS_COMPLETE = 0x9117 };
  if (!wants_flush) return;
  last_work = gl.FenceSync(SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.Flush();
}

void gl_wait_idle(void) {
  enum { ALREADY_SIGNALED = 0x911a, CONDITION_SATISFIED = 0x911c };
  const GLuint64 for_ever = UINT64_MAX;
  GLenum outcome = last_work == NULL ? 0 : gl.ClientWaitSync(last_work, 0, for_ever);
  if (outcome != ALREADY_SIGNALED && outcome != CONDITION_SATISFIED) gl.Finish();
  gl_forget_last_work();
}

int gl_op_finishDriver(void) {
  gl.Finish();
  return 1;
}
