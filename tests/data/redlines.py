"""Redlines as a careful editor would write them: [-old-]{+new+}.

The old and the new wording follow from each. Where an editor could do as well in more
than one way, the case is in no list: a test may hold the program only to what is right.
"""

import re

MARK = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}", re.DOTALL)


def old(redline: str) -> str:
    return MARK.sub(lambda mark: mark[1] or "", redline)


def new(redline: str) -> str:
    return MARK.sub(lambda mark: mark[2] or "", redline)


JAPANESE = {
    "a number": "本サービスは、[-18-]{+20+}歳以上の方にご利用いただけます。",
    "a period, in kanji": "当社は、解約の日から[-三十-]{+九十+}日以内に、お客様の個人データを削除します。",
    "a date": "本ポリシーは、[-2025年1月28日-]{+2026年4月1日+}から施行します。",
    "an era": "本規程は、[-令和7年4月1日-]{+令和8年10月1日+}から適用します。",
    "a percentage": "遅延損害金の利率は、年[-14.6%-]{+3%+}とします。",
    "an amount": "手数料は、1件につき[-1,000-]{+1,500+}円です。",
    "an article": "個人情報保護法第[-23-]{+27+}条第1項に基づき、本人の同意を得ずに第三者に提供することがあります。",
    "an obligation for a permission": "当社は、利用目的を変更した場合には、その内容をお客様に通知[-することがあります-]{+しなければなりません+}。",
    "a negation": "当社は、取得した個人データを第三者に提供[-します-]{+しません+}。",
    "a term": "[-アカウント保有者-]{+契約者+}は、いつでも同意を撤回することができます。",
    "a term that comes twice": "当社は、[-個人情報-]{+個人データ+}を安全に管理し、不要となった[-個人情報-]{+個人データ+}を遅滞なく消去します。",
    "a condition inserted": "当社は、{+お客様の同意を得た場合に限り、+}位置情報を取得します。",
    "an exception removed": "当社は、[-法令に基づく場合を除き、-]お客様の個人データを第三者に提供しません。",
    "a recipient added to a list": "個人データの提供先は、決済代行事業者、配送業者{+、広告配信事業者+}および税理士です。",
    "a sentence added at the end": "当社は、Cookieを使用します。{+Cookieを無効にした場合、一部の機能をご利用いただけないことがあります。+}",
    "a sentence added at the start": "{+本条は、日本国内にお住まいのお客様に適用します。+}お客様は、保有個人データの開示を請求することができます。",
    "a sentence removed between": "当社は、ログを保存します。[-保存期間は1年です。-]ログは、不正な利用の調査にのみ使用します。",
    "a name": "個人情報保護管理者は、[-総務部長-]{+最高情報セキュリティ責任者+}とします。",
    "an address": "お問い合わせは、[-info@iotone.co.jp-]{+privacy@iotone.co.jp+}までお寄せください。",
    "a telephone number": "電話：[-03-1234-5678-]{+03-8765-4321+}（平日10時から17時まで）",
    "a country": "個人データは、[-米国-]{+シンガポール+}に所在するサーバーに保存します。",
    "a verb": "当社は、個人データの取扱いの全部または一部を外部に[-委託-]{+再委託+}することがあります。",
    "who acts": "[-委託先-]{+当社+}は、個人データの漏えいが発生した場合、速やかに個人情報保護委員会に報告します。",
    "two numbers": "保存期間は、契約情報については[-5-]{+7+}年、通信記録については[-6-]{+12+}か月とします。",
    "punctuation": "取得する情報は、氏名[-；-]{+、+}住所[-；-]{+、+}電話番号です。",
    "a law's name": "当社は、[-個人情報保護法-]{+個人情報の保護に関する法律+}その他の関係法令を遵守します。",
    "an example in brackets": "当社は、端末に関する情報{+（OSの種類、ブラウザーの種類など）+}を取得します。",
    "or for and": "お客様の氏名[-および-]{+または+}住所を確認します。",
    "both changed around a conjunction": "[-販売代理店-]{+提携企業+}および[-広告代理店-]{+分析事業者+}に提供します。",
    "possible or not": "お客様は、同意を撤回することが[-できます-]{+できません+}。",
    "never or ever": "情報を第三者に販売することは[-ありません-]{+あります+}。",
    "when": "お客様は、[-いつでも-]{+契約期間中に限り+}、同意を撤回する権利を有します。",
    "an age": "本条の規定は、[-18-]{+16+}歳未満の方には適用しません。",
    "a sentence split": "当社は、データを収集[-し、-]{+します。また、これを+}分析します。",
    "a fee where there was none": "開示の請求には、1回につき[-無料-]{+手数料500円（税込）+}で対応します。",
    "who else shares": "共同して利用する者の範囲は、当社の子会社{+および関連会社+}とします。",
    "a clause's end rewritten": "当社は、本ポリシーを変更する場合、[-本ウェブサイトに掲載します-]{+変更の30日前までに電子メールで通知します+}。",
}

ENGLISH = {
    "a number": "The services are intended for individuals above the age of [-18-]{+20+}.",
    "a date": "This policy applies from [-January 28, 2025-]{+April 1, 2026+}.",
    "a period": "We delete your data within [-30-]{+90+} days after the contract ends.",
    "an amount": "The fee is [-$1,000-]{+$1,500.50+} for each request.",
    "a percentage": "Interest is charged at [-14.6%-]{+3%+} a year.",
    "a modal": "We [-may-]{+must+} notify you of a breach.",
    "a negation added": "We {+do not +}share personal data with advertisers.",
    "a negation removed": "We do [-not -]sell aggregated statistics.",
    "a term": "The [-account holder-]{+subscriber+} may withdraw consent at any time.",
    "a term that comes twice": "We protect personal [-information-]{+data+} and erase personal [-information-]{+data+} that is no longer needed.",
    "a condition inserted": "We collect location data{+, if you have agreed to it,+} to show nearby offices.",
    "an exception removed": "We do not disclose your data to third parties[-, except as required by law-].",
    "a recipient added to a list": "We share data with payment agents, carriers{+, advertising networks+} and auditors.",
    "a sentence added at the end": "We use cookies.{+ You can block them in your browser.+}",
    "a sentence added at the start": "{+This section applies to residents of Japan. +}You may request a copy of your data.",
    "a sentence removed between": "We keep logs. [-They are kept for one year. -]Logs are used only to investigate abuse.",
    "a sentence split": "We process your data to provide the services[- and-]{+. We+} keep it for 90 days.",
    "two sentences joined": "We process your data to provide the services[-. We-]{+ and+} keep it for 90 days.",
    "a name": "The [-Privacy Shield-]{+Data Privacy Framework+} covers transfers to the United States.",
    "an address": "Write to [-info@iotone.co.jp-]{+privacy@iotone.co.jp+} with your questions.",
    "a telephone number": "Call [-+81-3-1234-5678-]{++81-3-8765-4321+} on weekdays.",
    "a web address": "See [-https://example.org/old-]{+https://example.org/new+} for details.",
    "a country": "Your data is stored on servers in [-Ireland-]{+Singapore+}.",
    "or for and": "We check your name [-and-]{+or+} address.",
    "a hyphenated word": "We use [-third-party-]{+first-party+} cookies.",
    "a possessive": "The [-customer’s-]{+user’s+} region decides which law applies.",
    "an example in brackets": "We collect data about your device{+ (such as its operating system)+} when you sign in.",
    "punctuation": "We collect your name[-;-]{+,+} address and telephone number.",
    "possible or not": "You [-can-]{+cannot+} withdraw your consent.",
    "never or ever": "Information is [-never-]{+sometimes+} sold to third parties.",
    "when": "You may withdraw your consent [-at any time-]{+during the term of the contract+}.",
    "the end of a sentence rewritten": "If we change this policy, we will [-post a notice on this website-]{+notify you by e-mail 30 days before the change+}.",
    "a company": "The service is operated by [-IoTone Japan Inc.-]{+IoTone Japan LLC+} in Tokyo.",
    "two numbers": "Contract data is kept for [-5-]{+7+} years and traffic data for [-6-]{+12+} months.",
}
