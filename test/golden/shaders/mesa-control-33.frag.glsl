#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2 = vec4(0.0);
  uvec4 t3 = uvec4(0u);
  uvec4 t4 = uvec4(0u);
  vec4 t5 = vec4(0.0);
  vec4 t6 = vec4(0.0);
  uvec4 t7 = uvec4(0u);
  uvec4 t8 = uvec4(0u);
  vec4 t9 = vec4(0.0);
  vec4 t10;
  vec4 t11 = vec4(0.0);
  uvec4 t12 = uvec4(0u);
  uvec4 t13 = uvec4(0u);
  vec4 t14 = vec4(0.0);
  vec4 t15;
  vec4 t16;
  vec4 t17;
  vec4 t18;
  uvec4 t19;
  uvec4 t20;
  uvec4 t21;
  uvec4 t22 = uvec4(0u);
  uvec4 t23 = uvec4(0u);
  vec4 t24 = vec4(0.0);
  uvec4 t25 = uvec4(0u);
  uvec4 t26 = uvec4(0u);
  vec4 t27 = vec4(0.0);
  vec4 t28;
  uvec4 t29;
  uvec4 t30 = uvec4(0u);
  uvec4 t31 = uvec4(0u);
  vec4 t32 = vec4(0.0);
  in0 = gl_FragCoord;
  t15.y = (in0.y * fs_c0[0].x) + fs_c0[0].y;
  t15.x = in0.x;
  t16.xy = fract(t15.xy);
  t17.xy = (t16.xy * vec2((-1.0))) + t15.xy;
  t18.xy = t17.xy / vec2(64.0);
  t19.xy = uvec2(lessThan(t18.xy, vec2(0.25))) * 0xffffffffu;
  t20.x = t19.y;
  t0.x = t18.x;
  t1.x = t18.y;
  t21.x = t19.x;
  if (t21.x != 0u) {
    t2.x = t18.x * 2.0;
  } else {
    t3.x = 0u;
    while (true) {
      t22.x = (int(t3.x) >= 5) ? 0xffffffffu : 0u;
      if (t22.x != 0u) {
        t4.x = 0u;
        break;
      }
      t0.x = t0.x + (-0.15);
      t23.x = (t0.x < 0.25) ? 0xffffffffu : 0u;
      if (t23.x != 0u) {
        t24.x = float(int(t3.x));
        t5.x = t24.x * 0.2;
        t4.x = 0xffffffffu;
        break;
      }
      t3.x = t3.x + 1u;
    }
    t2.x = (t4.x != 0u) ? t5.x : 0.95;
  }
  if (t20.x != 0u) {
    t6.x = t18.y * 2.0;
  } else {
    t7.x = 0u;
    while (true) {
      t25.x = (int(t7.x) >= 5) ? 0xffffffffu : 0u;
      if (t25.x != 0u) {
        t8.x = 0u;
        break;
      }
      t1.x = t1.x + (-0.15);
      t26.x = (t1.x < 0.25) ? 0xffffffffu : 0u;
      if (t26.x != 0u) {
        t27.x = float(int(t7.x));
        t9.x = t27.x * 0.2;
        t8.x = 0xffffffffu;
        break;
      }
      t7.x = t7.x + 1u;
    }
    t6.x = (t8.x != 0u) ? t9.x : 0.95;
  }
  t28.x = t17.x + t17.y;
  t10.x = t28.x / 128.0;
  t29.x = (t10.x < 0.25) ? 0xffffffffu : 0u;
  if (t29.x != 0u) {
    t11.x = t10.x * 2.0;
  } else {
    t12.x = 0u;
    while (true) {
      t30.x = (int(t12.x) >= 5) ? 0xffffffffu : 0u;
      if (t30.x != 0u) {
        t13.x = 0u;
        break;
      }
      t10.x = t10.x + (-0.15);
      t31.x = (t10.x < 0.25) ? 0xffffffffu : 0u;
      if (t31.x != 0u) {
        t32.x = float(int(t12.x));
        t14.x = t32.x * 0.2;
        t13.x = 0xffffffffu;
        break;
      }
      t12.x = t12.x + 1u;
    }
    t11.x = (t13.x != 0u) ? t14.x : 0.95;
  }
  out0.x = t2.x;
  out0.y = t6.x;
  out0.z = t11.x;
  out0.w = 1.0;
  frag0 = out0;
}
