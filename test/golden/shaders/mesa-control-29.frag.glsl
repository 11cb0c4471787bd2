#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[6];
};
layout(location = 0) out vec4 frag0;
uint vg_umod(uint a, uint b) { uint r = a % (b == 0u ? 1u : b); return b == 0u ? 0xffffffffu : r; }
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  uvec4 t5;
  uvec4 t6;
  uvec4 t7;
  vec4 t8;
  ivec4 addr0;
  in0 = gl_FragCoord;
  t0.y = (in0.y * fs_c0[5].x) + fs_c0[5].y;
  t0.x = in0.x;
  t1.xy = fract(t0.xy);
  t2.xy = (t1.xy * vec2((-1.0))) + t0.xy;
  t3.xy = t2.xy / vec2(8.0, 16.0);
  t4.x = t3.x + t3.y;
  t5.x = uint(int(t4.x));
  t6.x = vg_umod(t5.x, 5u);
  t7.x = t6.x & 0xfffffffu;
  addr0.x = int(t7.x);
  t8.xyz = fs_c0[clamp(addr0.x, 0, 5)].xyz;
  out0.xyz = t8.xyz * vec3(0.75);
  out0.w = 1.0;
  frag0 = out0;
}
