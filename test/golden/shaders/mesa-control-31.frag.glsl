#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[13];
};
layout(location = 0) out vec4 frag0;
uint vg_umod(uint a, uint b) { uint r = a % (b == 0u ? 1u : b); return b == 0u ? 0xffffffffu : r; }
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  ivec4 t3;
  uvec4 t4;
  uvec4 t5;
  uvec4 t6;
  uvec4 t7;
  uvec4 t8;
  uvec4 t9;
  uvec4 t10;
  uvec4 t11;
  uvec4 t12;
  ivec4 addr0;
  in0 = gl_FragCoord;
  t0.y = (in0.y * fs_c0[12].x) + fs_c0[12].y;
  t0.x = in0.x;
  t1.xy = fract(t0.xy);
  t2.xy = (t1.xy * vec2((-1.0))) + t0.xy;
  t3.xy = ivec2(t2.xy);
  t4.xy = uvec2(sign(t3.xy));
  t5.xy = uvec2(abs(t3.xy));
  t6.xy = t5.xy >> uvec2(2u);
  t7.x = t4.x * t6.x;
  t8.x = t4.y * 3u;
  t9.x = t8.x * t6.y;
  t10.x = t7.x + t9.x;
  t11.x = vg_umod(t10.x, 12u);
  t12.x = t11.x & 0xfffffffu;
  addr0.x = int(t12.x);
  out0 = fs_c0[clamp(addr0.x, 0, 12)];
  frag0 = out0;
}
