"""What comes from the clipboard: the markup of Word, WPS and web pages as the simple HTML of a body, with the pictures that came along.

>>> clean_office_html('<p class="MsoNormal" style="mso-pagination:none"><span lang="EN-US">正文</span><o:p></o:p></p>')
'<p>正文</p>'
"""

from gongkai.text.pasting.office import Pasted, clean_office_html, paste
from gongkai.text.pasting.rtf import rtf_pictures

__all__ = ["Pasted", "clean_office_html", "paste", "rtf_pictures"]
