#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
out vec4 v_generic0;
void main() {
  vec4 out0;
  vec4 out1;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  t0.xy = vec2(a0.x) * vec2(0.2, 0.017453292);
  out1.x = sin(a0.x);
  out1.y = cos(a0.x);
  t1.x = sin(t0.x);
  t2.x = cos(t0.x);
  out1.z = t1.x / t2.x;
  out0 = vec4(0.0);
  out1.w = t0.y;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
