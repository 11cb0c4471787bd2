#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
uniform highp sampler2D fs_s0;
uniform highp sampler2D fs_s1;
in vec4 v_generic0;
in vec4 v_generic1;
in vec4 v_generic2;
in vec4 v_generic3;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  vec4 t5;
  vec4 t6;
  vec4 t7;
  vec4 t8;
  vec4 t9;
  vec4 t10;
  vec4 t11;
  t3.x = v_generic0.x / 24.0;
  t4.xy = vec2(fs_c0[0].x) / vec2(20.0, 40.0);
  t2.x = t3.x + t4.x;
  t5.x = (v_generic0.y * (-1.0)) + v_generic0.z;
  t6.x = t5.x / 48.0;
  t2.y = t6.x + t4.y;
  t0.xy = v_generic1.xy;
  t7 = texture(fs_s0, t0.xy);
  t1.xy = v_generic1.zw;
  t1.z = v_generic2.x;
  t8.xyz = v_generic2.yzw + t1.xyz;
  t9 = texture(fs_s1, t2.xy);
  t10.xyz = t8.xyz + t9.xyz;
  out0.xyz = t10.xyz * t7.xyz;
  t11.x = t7.w + (-0.3);
  out0.w = (v_generic3.x * v_generic3.x) + t11.x;
  frag0 = out0;
}
