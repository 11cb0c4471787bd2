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
  out1.x = min(a0.x, a0.y);
  out1.y = max(a0.x, a0.y);
  t0.x = max(a0.x, -1.0);
  out1.z = min(t0.x, a0.y);
  out1.w = mix(a0.x, a0.y, 0.3);
  out0 = vec4(0.0);
  v_generic0 = out1;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
