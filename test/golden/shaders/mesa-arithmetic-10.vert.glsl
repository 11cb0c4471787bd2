#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
layout(location = 1) in vec4 a1;
out vec4 v_generic0;
void main() {
  vec4 out0;
  uvec4 out1;
  vec4 t0;
  uvec4 t1;
  t0.xy = a0.xy * vec2(10.0, 1000.0);
  t1.x = uint(int(t0.x));
  out1.x = t1.x;
  t1.y = uint(t0.y);
  out1.y = t1.y;
  out1.z = floatBitsToUint(float(floatBitsToInt(a1.x)));
  out1.w = floatBitsToUint(float(floatBitsToUint(a1.x)));
  out0 = vec4(0.0);
  v_generic0 = uintBitsToFloat(out1);
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
}
