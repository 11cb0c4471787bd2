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
  t0 = texture(fs_s0, v_generic0.xy);
  out0.xyz = t0.xyz * vec3(fs_c0[0].x);
  out0.w = fs_c0[0].x;
  frag0 = out0;
}
