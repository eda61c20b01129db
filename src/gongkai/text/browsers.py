"""What a browser says it is, in plain words: 「Windows 电脑，Edge 浏览器」. For people who look through their sign-ins; nothing depends on it."""

from __future__ import annotations

_SYSTEMS = (
    ("HarmonyOS", "鸿蒙设备"),
    ("OpenHarmony", "鸿蒙设备"),
    ("iPhone", "iPhone 手机"),
    ("iPad", "iPad 平板"),
    ("Android", "安卓设备"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "Mac 电脑"),
    ("UOS", "统信 UOS 电脑"),
    ("Kylin", "麒麟系统电脑"),
    ("Linux", "Linux 电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ浏览器"),
    ("QIHU", "360浏览器"),
    ("360SE", "360浏览器"),
    ("Qaxbrowser", "奇安信浏览器"),
    ("UBrowser", "UC浏览器"),
    ("UCBrowser", "UC浏览器"),
    ("Edg", "Edge 浏览器"),
    ("OPR/", "Opera 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
    ("MSIE", "IE 浏览器"),
    ("Trident", "IE 浏览器"),
)
"""The first that is named counts: Edge also calls itself Chrome and Safari."""
UNKNOWN = "未知设备"


def device(user_agent: str) -> str:
    """System and browser of a User-Agent header; 未知设备 when it names neither."""
    found = [
        next((words for sign, words in table if sign.lower() in user_agent.lower()), "")
        for table in (_SYSTEMS, _BROWSERS)
    ]
    return "，".join(filter(None, found)) or UNKNOWN
