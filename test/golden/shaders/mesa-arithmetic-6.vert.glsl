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
  uvec4 out1;
  ivec4 t0;
  uvec4 t1;
  t1.x = uint(abs(floatBitsToInt(a0.x)));
  out1.x = t1.x;
  t1.y = uint(sign(floatBitsToInt(a0.x)));
  out1.y = t1.y;
  t0.x = max(floatBitsToInt(a0.x), -100);
  t1.z = uint(min(t0.x, 100));
  out1.z = t1.z;
  t1.w = min(floatBitsToUint(a0.x), floatBitsToUint(a0.y));
  out1.w = t1.w;
  out0 = vec4(0.0);
  v_generic0 = uintBitsToFloat(out1);
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
