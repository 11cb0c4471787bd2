#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
out vec2 v_clip0;
void main() {
  vec4 out0;
  vec4 out1;
  vec4 out2;
  out0 = a0;
  out1.x = a0.x;
  out1.y = -1.0;
  out2.x = -a0.y;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  v_clip0 = vec2(out1.x, out2.x);
}
