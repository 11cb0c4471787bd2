#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
out vec4 v_generic2;
out vec4 v_generic3;
out vec4 v_generic4;
void main() {
  vec4 out0;
  vec4 out1[3] = vec4[3](vec4(0.0), vec4(0.0), vec4(0.0));
  ivec4 addr0;
  out0 = a0;
  addr0.x = 0;
  out1[clamp(addr0.x, 0, 2)] = vec4(1.0);
  addr0.x = 1;
  out1[clamp(addr0.x, 0, 2)] = vec4(2.0);
  addr0.x = 9;
  out1[clamp(addr0.x, 0, 2)] = vec4(4.0);
  v_generic2 = out1[0];
  v_generic3 = out1[1];
  v_generic4 = out1[2];
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
