#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  uvec4 fs_c0[2];
};
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  uvec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  uvec4 t5 = uvec4(0u);
  vec4 t6 = vec4(0.0);
  in0 = gl_FragCoord;
  t2.x = (in0.y * uintBitsToFloat(fs_c0[1].x)) + uintBitsToFloat(fs_c0[1].y);
  t3.x = in0.x * 0.0001;
  t4.x = t3.x * t2.x;
  t0.x = fract(t4.x);
  t1.x = 0u;
  while (true) {
    t5.x = (int(t1.x) >= int(fs_c0[0].x)) ? 0xffffffffu : 0u;
    if (t5.x != 0u) {
      break;
    }
    t6.x = 3.0 * t0.x;
    t0.x = fract(t6.x);
    t1.x = t1.x + 1u;
  }
  out0.xyz = vec3(t0.x);
  out0.w = 1.0;
  frag0 = out0;
}
