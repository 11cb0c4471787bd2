// eglCreateImage and the lists of what may be imported.
#include "picky.h"
#include <signal.h>
#include <string.h>
#include <unistd.h>

// Modifier attributes of planes 0 to 2 stand together, those of plane 3 elsewhere: EGL_EXT_image_dma_buf_import_modifiers.
static void read_attribute(Picture *picture, int at, EGLAttrib name, EGLAttrib value) {
  static const EGLint fds[] = {EGL_DMA_BUF_PLANE0_FD_EXT, EGL_DMA_BUF_PLANE1_FD_EXT, EGL_DMA_BUF_PLANE2_FD_EXT, EGL_DMA_BUF_PLANE3_FD_EXT};
  static const EGLint offsets[] = {EGL_DMA_BUF_PLANE0_OFFSET_EXT, EGL_DMA_BUF_PLANE1_OFFSET_EXT, EGL_DMA_BUF_PLANE2_OFFSET_EXT, EGL_DMA_BUF_PLANE3_OFFSET_EXT};
  static const EGLint strides[] = {EGL_DMA_BUF_PLANE0_PITCH_EXT, EGL_DMA_BUF_PLANE1_PITCH_EXT, EGL_DMA_BUF_PLANE2_PITCH_EXT, EGL_DMA_BUF_PLANE3_PITCH_EXT};
  static const EGLint lows[] = {EGL_DMA_BUF_PLANE0_MODIFIER_LO_EXT, EGL_DMA_BUF_PLANE1_MODIFIER_LO_EXT, EGL_DMA_BUF_PLANE2_MODIFIER_LO_EXT, EGL_DMA_BUF_PLANE3_MODIFIER_LO_EXT};
  static const EGLint highs[] = {EGL_DMA_BUF_PLANE0_MODIFIER_HI_EXT, EGL_DMA_BUF_PLANE1_MODIFIER_HI_EXT, EGL_DMA_BUF_PLANE2_MODIFIER_HI_EXT, EGL_DMA_BUF_PLANE3_MODIFIER_HI_EXT};
  if (name == EGL_WIDTH) picture->width = value;
  if (name == EGL_HEIGHT) picture->height = value;
  if (name == EGL_LINUX_DRM_FOURCC_EXT) picture->format = (uint32_t)value;
  for (int index = 0; index < MAX_PLANES; index++) {
    Plane *plane = &picture->planes[index];
    if (name == fds[index]) *plane = (Plane){.has_fd = true, .fd = (int)value, .fd_at = at + 1, .offset = plane->offset, .stride = plane->stride, .modifier = plane->modifier, .has_modifier = plane->has_modifier};
    if (name == offsets[index]) plane->offset = value;
    if (name == strides[index]) plane->stride = value;
    if (name == lows[index]) plane->modifier |= (uint32_t)value;
    if (name == highs[index]) plane->modifier |= (uint64_t)value << 32;
    if (name == lows[index] || name == highs[index]) plane->has_modifier = true;
  }
}

typedef EGLImage (*CreateWith)(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, const EGLAttrib *attributes);

static EGLImage create_bounced(EGLDisplay display, EGLContext context, EGLClientBuffer buffer, const Picture *picture, EGLAttrib *attributes, CreateWith create) {
  int copies[MAX_PLANES];
  for (int index = 0; index < MAX_PLANES; index++) {
    const Plane *plane = &picture->planes[index];
    copies[index] = plane->has_fd ? bounce_copy(picture, plane) : -1;
    if (plane->has_fd) attributes[plane->fd_at] = copies[index];
  }
  EGLImage image = create(display, context, EGL_LINUX_DMA_BUF_EXT, buffer, attributes);
  for (int index = 0; index < MAX_PLANES; index++)
    if (copies[index] >= 0) close(copies[index]);
  return image;
}

static EGLImage create_image(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, EGLAttrib *attributes, CreateWith create) {
  set_error(EGL_SUCCESS);
  if (target != EGL_LINUX_DMA_BUF_EXT) return create(display, context, target, buffer, attributes);
  Picture picture = {0};
  for (int at = 0; attributes[at] != EGL_NONE; at += 2) read_attribute(&picture, at, attributes[at], attributes[at + 1]);
  const char *why = refusal(&picture, display_is_drm(display));
  const Plane *plane = &picture.planes[0];
  if (why != NULL) {
    say("refused %s: %lldx%lld %.4s stride %lld offset %lld", why, (long long)picture.width, (long long)picture.height, (const char *)&picture.format,
        (long long)plane->stride, (long long)plane->offset);
    if (settings.error == 0 && strcmp(why, "drm-first") != 0) raise(SIGSEGV);
    set_error(strcmp(why, "drm-first") == 0 ? EGL_BAD_ALLOC : settings.error);
    return EGL_NO_IMAGE;
  }
  if (is_bounced(&picture)) {
    say("bounced: %lldx%lld %.4s", (long long)picture.width, (long long)picture.height, (const char *)&picture.format);
    return create_bounced(display, context, buffer, &picture, attributes, create);
  }
  return create(display, context, target, buffer, attributes);
}

static EGLImage create_core(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, const EGLAttrib *attributes) {
  static PFNEGLCREATEIMAGEPROC real;
  if (real == NULL) real = (PFNEGLCREATEIMAGEPROC)real_entry("eglCreateImage");
  return real(display, context, target, buffer, attributes);
}

static EGLImage create_khr(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, const EGLAttrib *attributes) {
  static PFNEGLCREATEIMAGEKHRPROC real;
  if (real == NULL) real = (PFNEGLCREATEIMAGEKHRPROC)real_entry("eglCreateImageKHR");
  EGLint narrow[MAX_ATTRIBUTES + 1];
  int count = 0;
  while (attributes[count] != EGL_NONE) {
    narrow[count] = (EGLint)attributes[count];
    narrow[count + 1] = (EGLint)attributes[count + 1];
    count += 2;
  }
  narrow[count] = EGL_NONE;
  return real(display, context, target, buffer, narrow);
}

EGLImage EGLAPIENTRY eglCreateImage(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, const EGLAttrib *attributes) {
  EGLAttrib copy[MAX_ATTRIBUTES + 1];
  int count = 0;
  for (; attributes != NULL && attributes[count] != EGL_NONE && count < MAX_ATTRIBUTES; count += 2) memcpy(copy + count, attributes + count, 2 * sizeof *copy);
  copy[count] = EGL_NONE;
  return create_image(display, context, target, buffer, copy, create_core);
}

EGLImageKHR EGLAPIENTRY eglCreateImageKHR(EGLDisplay display, EGLContext context, EGLenum target, EGLClientBuffer buffer, const EGLint *attributes) {
  EGLAttrib wide[MAX_ATTRIBUTES + 1];
  int count = 0;
  for (; attributes != NULL && attributes[count] != EGL_NONE && count < MAX_ATTRIBUTES; count += 2) {
    wide[count] = attributes[count];
    // Halves of modifiers are bit patterns; sign extension would reach into the other half.
    wide[count + 1] = (EGLAttrib)(uint32_t)attributes[count + 1];
  }
  wide[count] = EGL_NONE;
  return create_image(display, context, target, buffer, wide, create_khr);
}

EGLBoolean EGLAPIENTRY eglQueryDmaBufFormatsEXT(EGLDisplay display, EGLint max, EGLint *formats, EGLint *count) {
  static PFNEGLQUERYDMABUFFORMATSEXTPROC real;
  if (real == NULL) real = (PFNEGLQUERYDMABUFFORMATSEXTPROC)real_entry("eglQueryDmaBufFormatsEXT");
  if (settings.format_count == 0) return real(display, max, formats, count);
  EGLint all[512], found = 0, kept = 0;
  if (!real(display, 512, all, &found)) return EGL_FALSE;
  for (EGLint index = 0; index < found; index++) {
    bool is_wanted = false;
    for (int which = 0; which < settings.format_count; which++) is_wanted |= (EGLint)settings.formats[which] == all[index];
    if (!is_wanted) continue;
    if (kept < max) formats[kept] = all[index];
    kept++;
  }
  *count = max == 0 || kept < max ? kept : max;
  return EGL_TRUE;
}
