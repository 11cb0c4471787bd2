// Reads VIRTGPU_PICKY, for example "stride=96;offset=64;formats=XR24+AR24;error=alloc".
#include "picky.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Settings settings;

static uint64_t number(const char *text, char **end) {
  uint64_t value = strtoull(text, end, 0);
  const char *units = "KMG", *unit = **end == 0 ? NULL : strchr(units, **end);
  if (unit != NULL) {
    value <<= 10 * (unit - units + 1);
    (*end)++;
  }
  return value;
}

static void fatal(const char *what) {
  fprintf(stderr, "picky host: VIRTGPU_PICKY: cannot read %s\n", what);
  exit(99);
}

static uint32_t fourcc(const char *word) {
  char c[4] = {' ', ' ', ' ', ' '};
  memcpy(c, word, strnlen(word, 4));
  return (uint32_t)c[0] | (uint32_t)c[1] << 8 | (uint32_t)c[2] << 16 | (uint32_t)c[3] << 24;
}

static void set_platforms(char *list) {
  static const char *const names[] = {"surfaceless", "device", "gbm", "wayland"};
  for (char *rest = NULL, *word = strtok_r(list, "+", &rest); word != NULL; word = strtok_r(NULL, "+", &rest)) {
    int found = -1;
    for (int index = 0; index < 4; index++)
      if (strcmp(word, names[index]) == 0) found = index;
    if (found < 0) fatal(word);
    settings.fails_initialize[found] = true;
  }
}

static void set_high(char *value) {
  char *end;
  settings.high_from = number(value, &end);
  if (*end != '-') fatal("high");
  settings.high_to = number(end + 1, &end);
}

static void set_error_kind(const char *value) {
  if (strcmp(value, "access") == 0) settings.error = EGL_BAD_ACCESS;
  else if (strcmp(value, "alloc") == 0) settings.error = EGL_BAD_ALLOC;
  else if (strcmp(value, "match") == 0) settings.error = EGL_BAD_MATCH;
  else if (strcmp(value, "crash") == 0) settings.error = 0;
  else fatal("error");
}

static void set_lists(const char *name, char *value) {
  for (char *rest = NULL, *word = strtok_r(value, "+", &rest); word != NULL; word = strtok_r(NULL, "+", &rest)) {
    if (strcmp(name, "formats") == 0 && settings.format_count < MAX_WORDS) settings.formats[settings.format_count++] = fourcc(word);
    else if (strcmp(name, "hide") == 0 && settings.hidden_count < MAX_WORDS) snprintf(settings.hidden[settings.hidden_count++], 64, "%s", word);
    else fatal(name);
  }
}

static void set_one(const char *name, char *value) {
  char *end;
  if (strcmp(name, "stride") == 0) settings.stride = (uint32_t)number(value, &end);
  else if (strcmp(name, "stride-texels") == 0) settings.stride_texels = (uint32_t)number(value, &end);
  else if (strcmp(name, "offset") == 0 && strcmp(value, "none") == 0) settings.zero_offset_only = true;
  else if (strcmp(name, "offset") == 0) settings.offset = (uint32_t)number(value, &end);
  else if (strcmp(name, "formats") == 0 || strcmp(name, "hide") == 0) set_lists(name, value);
  else if (strcmp(name, "modifier") == 0 && strcmp(value, "needed") == 0) settings.modifier_needed = true;
  else if (strcmp(name, "modifier") == 0 && strcmp(value, "refused") == 0) settings.modifier_refused = true;
  else if (strcmp(name, "size") == 0) {
    settings.max_width = (int64_t)number(value, &end);
    settings.max_height = *end == 'x' ? (int64_t)number(end + 1, &end) : settings.max_width;
  } else if (strcmp(name, "high") == 0) set_high(value);
  else if (strcmp(name, "dma-limit") == 0) {
    settings.has_dma_limit = true;
    settings.dma_limit = number(value, &end);
  } else if (strcmp(name, "high-bounces") == 0) settings.high_bounces = true;
  else if (strcmp(name, "bounce") == 0) settings.bounces = true;
  else if (strcmp(name, "error") == 0) set_error_kind(value);
  else if (strcmp(name, "initialize") == 0) set_platforms(value);
  else if (strcmp(name, "initialize-error") == 0) settings.initialize_error = (EGLint)number(value, &end);
  else if (strcmp(name, "drm-first") == 0) settings.drm_first = true;
  else if (strcmp(name, "gles-only") == 0) settings.gles_only = true;
  else if (strcmp(name, "log") == 0) snprintf(settings.log, sizeof settings.log, "%s", value);
  else fatal(name);
}

void settings_load(void) {
  settings.error = EGL_BAD_ACCESS;
  settings.initialize_error = EGL_NOT_INITIALIZED;
  const char *given = getenv("VIRTGPU_PICKY");
  if (given == NULL) return;
  char *text = strdup(given);
  for (char *rest = NULL, *item = strtok_r(text, ";", &rest); item != NULL; item = strtok_r(NULL, ";", &rest)) {
    char *value = strchr(item, '=');
    if (value != NULL) *value++ = 0;
    set_one(item, value == NULL ? item + strlen(item) : value);
  }
  if (settings.modifier_refused) snprintf(settings.hidden[settings.hidden_count++], 64, "EGL_EXT_image_dma_buf_import_modifiers");
  free(text);
}

uint32_t bytes_per_texel(uint32_t format) {
  static const struct {
    const char *names;
    uint32_t bytes;
  } sizes[] = {{"R8   ", 1}, {"GR88 RG88 R16  RG16 BG16 AR15 XR15 AB15 XB15 AR12 XR12 ", 2}, {"RG24 BG24 ", 3}, {"AB4H XB4H AR4H XR4H AB48 XB48 ", 8}};
  for (size_t index = 0; index < sizeof sizes / sizeof *sizes; index++)
    for (const char *name = sizes[index].names; *name != 0; name += 5)
      if (fourcc(name) == format) return sizes[index].bytes;
  return 4;
}
