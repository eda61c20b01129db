"""What a browser says it is, in words."""

import pytest

from gongkai.text.browsers import device

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words", "reason"),
    [
        (WINDOWS, "Windows 电脑，Chrome 浏览器", "Chrome also says Safari"),
        (WINDOWS + " Edg/120.0", "Windows 电脑，Edge 浏览器", "Edge also says Chrome"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1",
            "iPhone 手机，Safari 浏览器",
            "",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile MicroMessenger/8.0",
            "安卓设备，微信",
            "Android also says Linux",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Firefox/115.0", "统信 UOS 电脑，火狐浏览器", ""),
        ("curl/8.0", "未知设备", "a program"),
        ("", "未知设备", "nothing"),
    ],
)
def test_a_device_in_words(agent, words, reason):
    assert device(agent) == words, reason
