#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
out vec4 v_fog0;
out vec4 v_normal0;
void main() {
  vec4 out0;
  vec4 out1;
  vec4 out2;
  vec4 out3;
  out0 = a0;
  out1 = a0;
  out2.x = a0.w;
  out3 = a0;
  v_fog0 = out1;
  v_normal0 = out3;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
