#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
uniform highp sampler2D fs_s0;
in vec4 v_generic0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  vec4 t1;
  t1 = texture(fs_s0, v_generic0.xy);
  t0.xyz = t1.xyz;
  t0.w = 1.0;
  out0 = t0 * vec4(fs_c0[0].x);
  frag0 = out0;
}
