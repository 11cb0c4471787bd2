#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D fs_s0;
in vec4 v_generic0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  t0 = texture(fs_s0, v_generic0.xy);
  out0.xyz = vec3(dot(t0.xyz, vec3(0.299, 0.587, 0.114)));
  out0.w = t0.w;
  frag0 = out0;
}
