#version 300 es
precision highp float;
precision highp int;
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
  t0.x = dot(v_generic0.xyz, v_generic0.xyz);
  t1.x = inversesqrt(t0.x);
  t2.xyz = v_generic0.xyz * vec3(t1.x);
  t3.x = dot(t2.xyz, vec3(0.40824795, 0.40824795, 0.8164969));
  t4.x = max(t3.x, 0.0);
  t5.x = pow(t4.x, 100.0);
  t6 = (vec4(0.16000001, 0.16000001, 0.16000001, 1.0) * vec4(t5.x)) + vec4(0.1, 0.1, 0.1, 1.0);
  t7.x = dot(t2.xyz, vec3(0.6666667, 0.6666667, 0.33333334));
  t8.x = max(t7.x, 0.0);
  out0 = (vec4(0.8, 0.8, 0.8, 1.0) * vec4(t8.x)) + t6;
  frag0 = out0;
}
