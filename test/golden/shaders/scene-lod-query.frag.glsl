#version 320 es
#extension GL_EXT_texture_query_lod : require
precision highp float;
precision highp int;
uniform highp sampler2D fs_s0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0 = vec4(0.0);
  in0 = gl_FragCoord;
  out0.xy = textureQueryLOD(fs_s0, in0.xy);
  frag0 = out0;
}
