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
  uvec4 t2 = uvec4(0u);
  vec4 t3;
  vec4 t4;
  vec4 t5;
  uvec4 t6 = uvec4(0u);
  ivec4 t7 = ivec4(0);
  uvec4 t8 = uvec4(0u);
  uvec4 t9 = uvec4(0u);
  uvec4 t10 = uvec4(0u);
  uvec4 t11 = uvec4(0u);
  uvec4 t12 = uvec4(0u);
  uvec4 t13 = uvec4(0u);
  uvec4 t14 = uvec4(0u);
  uvec4 t15 = uvec4(0u);
  uvec4 t16 = uvec4(0u);
  vec4 t17 = vec4(0.0);
  vec4 t18;
  in0 = gl_FragCoord;
  t3.y = (in0.y * uintBitsToFloat(fs_c0[1].x)) + uintBitsToFloat(fs_c0[1].y);
  t3.x = in0.x;
  t4.xy = fract(t3.xy);
  t5.xy = (t4.xy * vec2((-1.0))) + t3.xy;
  t1.x = 0u;
  t0.x = 0.0;
  while (true) {
    t6.x = (int(t1.x) >= 20) ? 0xffffffffu : 0u;
    if (t6.x != 0u) {
      break;
    }
    t7.xy = ivec2(t5.xy);
    t8.xy = uvec2(sign(t7.xy));
    t9.xy = uvec2(abs(t7.xy));
    t10.xy = t9.xy >> uvec2(3u, 1u);
    t11.xy = t8.xy * t10.xy;
    t12.x = (t1.x == t11.x) ? 0xffffffffu : 0u;
    if (t12.x != 0u) {
      t1.x = t1.x + 1u;
    } else {
      t13.x = t1.x * 3u;
      t14.x = (int(t11.y) < int(t13.x)) ? 0xffffffffu : 0u;
      if (t14.x != 0u) {
        break;
      }
      t2.x = t1.x;
      while (true) {
        t15.x = (int(t2.x) >= int(fs_c0[0].x)) ? 0xffffffffu : 0u;
        if (t15.x != 0u) {
          break;
        }
        t16.x = t1.x ^ t2.x;
        t17.x = float(int(t16.x));
        t0.x = (t17.x * 0.003) + t0.x;
        t2.x = t2.x + 1u;
      }
      t1.x = t1.x + 1u;
    }
  }
  t18.x = t0.x * 7.0;
  out0.y = fract(t18.x);
  out0.x = t0.x;
  out0.zw = vec2(0.0, 1.0);
  frag0 = out0;
}
