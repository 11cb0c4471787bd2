#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
layout(location = 0) out vec4 frag0;
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
  uvec4 t8;
  uvec4 t9;
  vec4 t10;
  vec4 t11;
  in0 = gl_FragCoord;
  t0.y = (in0.y * fs_c0[0].x) + fs_c0[0].y;
  t0.x = in0.x;
  t3.xy = fract(t0.xy);
  t4.xy = (t3.xy * vec2((-1.0))) + t0.xy;
  t1.xy = t4.xy;
  t1.z = 32.0;
  t2.xz = t4.yx;
  t2.y = 20.0;
  t5.xyz = uvec3(lessThan(t2.xyz, t1.xyz)) * 0xffffffffu;
  t11.xyz = mix(vec3(0.2), vec3(0.9), notEqual(t5.xyz, uvec3(0u)));
  out0.xyz = t11.xyz;
  t6.x = t5.y & t5.z;
  t7.x = t5.x & t6.x;
  t8.x = t5.y | t5.z;
  t9.x = t5.x | t8.x;
  t10.x = (t9.x != 0u) ? 0.5 : 0.25;
  t11.w = (t7.x != 0u) ? 1.0 : t10.x;
  out0.w = t11.w;
  frag0 = out0;
}
