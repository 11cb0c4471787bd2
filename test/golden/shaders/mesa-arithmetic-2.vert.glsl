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
  uvec4 t0;
  uvec4 t1;
  t1.xw = uvec2(floatBitsToUint(a0.x)) * uvec2(floatBitsToUint(a0.y));
  out1.xw = t1.xw;
  t1.y = floatBitsToUint(a0.x) + floatBitsToUint(a0.y);
  out1.y = t1.y;
  t0.x = uint(-floatBitsToInt(a0.y));
  t1.z = floatBitsToUint(a0.x) + t0.x;
  out1.z = t1.z;
  out0 = vec4(0.0);
  v_generic0 = uintBitsToFloat(out1);
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
