#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[8];
};
layout(location = 0) in vec4 a0;
layout(location = 1) in vec4 a1;
out vec4 v_generic0;
void main() {
  vec4 out0;
  vec4 out1;
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
  t0.xyz = vs_c0[5].xyz * vec3(a1.y);
  t1.xyz = (vs_c0[4].xyz * vec3(a1.x)) + t0.xyz;
  t2.xyz = (vs_c0[6].xyz * vec3(a1.z)) + t1.xyz;
  t3.xyz = t2.xyz + vs_c0[7].xyz;
  t4.x = dot(t3.xyz, t3.xyz);
  t5.x = inversesqrt(t4.x);
  t6.xyz = t3.xyz * vec3(t5.x);
  t7.x = dot(t6.xyz, vec3(0.6666667, 0.6666667, 0.33333334));
  out1.xyz = max(vec3(t7.x), vec3(0.0));
  t8 = vs_c0[1] * vec4(a0.y);
  t9 = (vs_c0[0] * vec4(a0.x)) + t8;
  t10 = (vs_c0[2] * vec4(a0.z)) + t9;
  out0 = t10 + vs_c0[3];
  out1.w = 1.0;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
