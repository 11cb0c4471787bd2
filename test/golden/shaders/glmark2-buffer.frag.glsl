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
  t0.xyz = v_generic0.xyz * vec3(v_generic0.w);
  t1.x = min(t0.y, t0.z);
  t2.x = min(t0.x, t1.x);
  t3.x = (-2.0) * t2.x;
  t4.x = t3.x * t2.x;
  t5.x = exp2(t4.x);
  out0 = mix(vec4(0.0, 0.5, 0.8, 0.8), vec4(1.0), vec4(t5.x));
  frag0 = out0;
}
