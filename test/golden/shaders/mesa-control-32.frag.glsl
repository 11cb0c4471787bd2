#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
uint vg_umod(uint a, uint b) { uint r = a % (b == 0u ? 1u : b); return b == 0u ? 0xffffffffu : r; }
void main() {
  vec4 in0;
  vec4 out0;
  uvec4 t0;
  vec4 t1;
  vec4 t2 = vec4(0.0);
  vec4 t3;
  vec4 t4;
  vec4 t5;
  vec4 t6;
  ivec4 t7;
  uvec4 t8;
  uvec4 t9;
  uvec4 t10;
  uvec4 t11;
  uvec4 t12;
  vec4 t13;
  uvec4 t14;
  vec4 t15;
  vec4 t16;
  uvec4 t17 = uvec4(0u);
  vec4 t18 = vec4(0.0);
  vec4 t19 = vec4(0.0);
  uvec4 t20 = uvec4(0u);
  in0 = gl_FragCoord;
  t5.x = fract(in0.x);
  t6.x = (t5.x * (-1.0)) + in0.x;
  t7.x = int(t6.x);
  t8.x = uint(sign(t7.x));
  t9.x = uint(abs(t7.x));
  t10.x = t9.x >> 2u;
  t0.x = t8.x * t10.x;
  t11.x = vg_umod(t0.x, 6u);
  t12 = uvec4(equal(uvec4(0u, 1u, 2u, 5u), uvec4(t11.x))) * 0xffffffffu;
  t13.xyz = mix(vec3(0.0), vec3(0.0, 0.5, 0.0), notEqual(uvec3(t12.y), uvec3(0u)));
  t14.x = t12.y | t12.z;
  t4.z = t13.z + 0.5;
  t15.xyz = mix(t13.xyz, vec3(0.3), notEqual(uvec3(t12.w), uvec3(0u)));
  t3.y = t15.y + 0.2;
  t3.xz = t15.xz;
  t4.xy = t13.xy;
  t16.xyz = mix(t3.xyz, t4.xyz, notEqual(uvec3(t14.x), uvec3(0u)));
  t1.xyz = mix(t16.xyz, vec3(1.0, 0.0, 0.0), notEqual(uvec3(t12.x), uvec3(0u)));
  while (true) {
    t17.x = (5 >= int(t0.x)) ? 0xffffffffu : 0u;
    if (t17.x != 0u) {
      break;
    }
    t0.x = t0.x + 0xfffffffbu;
    t18.x = t1.x + 0.05;
    t1.x = t18.x;
  }
  while (true) {
    t19.x = t1.z + 0.03;
    t0.x = t0.x + 1u;
    t20.x = (int(t0.x) >= 4) ? 0xffffffffu : 0u;
    t2.xy = t1.xy;
    t2.z = t19.x;
    if (t20.x != 0u) {
      break;
    }
    t1.xyz = t2.xyz;
  }
  out0.xy = t1.xy;
  out0.z = t19.x;
  out0.w = 1.0;
  frag0 = out0;
}
