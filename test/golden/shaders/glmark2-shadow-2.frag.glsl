#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D fs_s0;
in vec4 v_generic0;
in vec4 v_generic1;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  uvec4 t4;
  uvec4 t5;
  uvec4 t6;
  vec4 t7;
  t1.xyz = v_generic0.xyz / vec3(v_generic0.w);
  t2.x = t1.z + 0.1505;
  t0.xy = t1.xy;
  t3 = texture(fs_s0, t0.xy);
  t4.x = (t3.x < t2.x) ? 0xffffffffu : 0u;
  t5.x = (0.0 < v_generic0.w) ? 0xffffffffu : 0u;
  t6.x = t5.x & t4.x;
  t7.x = (t6.x != 0u) ? 0.5 : 1.0;
  out0.xyz = vec3(t7.x) * v_generic1.xyz;
  out0.w = 1.0;
  frag0 = out0;
}
