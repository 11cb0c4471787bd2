#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
layout(location = 1) in ivec4 a1;
layout(location = 2) in uvec4 a2;
layout(location = 3) in vec4 a3;
out vec4 v_generic0;
void main() {
  vec4 in3;
  vec4 out0;
  vec4 out1;
  vec4 t0;
  in3 = a3.zyxw;
  out0 = a0;
  t0.x = float(a1.x);
  t0.y = float(a2.y);
  t0.zw = in3.xy;
  out1 = t0;
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = vs_sys[0].y;
}
