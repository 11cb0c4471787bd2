#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[2];
};
uniform highp sampler2D fs_s0;
in vec4 v_generic0;
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
  t3 = texture(fs_s0, v_generic0.xy);
  t4.x = 1.0 / fs_c0[1].x;
  t4.y = 1.0 / fs_c0[1].y;
  t0.x = t4.x;
  t0.y = 0.0;
  t5.xy = v_generic0.xy + t0.xy;
  t6 = texture(fs_s0, t5.xy);
  t2.x = (t6.x * (-1.0)) + t3.x;
  t1.x = 0.0;
  t1.y = t4.y;
  t7.xy = v_generic0.xy + t1.xy;
  t8 = texture(fs_s0, t7.xy);
  t2.y = (t8.x * (-1.0)) + t3.x;
  t2.z = fs_c0[0].x;
  t9.x = dot(t2.xyz, t2.xyz);
  t10.x = inversesqrt(t9.x);
  t11.xyz = t2.xyz * vec3(0.5);
  out0.xyz = (t11.xyz * vec3(t10.x)) + vec3(0.5);
  out0.w = 1.0;
  frag0 = out0;
}
