#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
uniform highp sampler2D fs_s0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  uvec4 t3;
  uvec4 t4;
  in0 = gl_FragCoord;
  t0.y = (in0.y * fs_c0[0].x) + fs_c0[0].y;
  t0.x = in0.x;
  t1.xy = t0.xy / vec2(32.0);
  t2 = texture(fs_s0, t1.xy);
  t3.x = (t2.w < 0.5) ? 0xffffffffu : 0u;
  t4.x = t3.x & 0x3f800000u;
  if ((-uintBitsToFloat(t4.x)) < 0.0) discard;
  out0 = t2;
  frag0 = out0;
}
