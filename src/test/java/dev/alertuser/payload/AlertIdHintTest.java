package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertIdHintTest {

    @ParameterizedTest
    @CsvSource({
        "fa123a456b-c789-1d2e-12f1g33h445h6i, fa, Microsoft Defender for Office 365",
        "ri638724443630474445_-1629192583, ri, Microsoft Defender for Identity",
        "caD70CFEE2-1F54-32DB-9988-3A868A1EBFAC, ca, Microsoft Defender for Cloud Apps",
        "sn0f1e2d3c-0000-4000-8000-000000000001, sn, Microsoft Sentinel",
        "ad7f8a9b0c1d2e3f4a5b, ad, Microsoft Entra ID Protection",
    })
    void namesTheProductWhoseIdsBeginLikeThis(String id, String prefix, String product) {
        assertThat(AlertIdHint.of(new AlertId(id)))
                .contains("This id begins with \"" + prefix + "\", which marks alerts of " + product
                        + "; only alerts of Defender for Endpoint are known here.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d4e5f6a7-0000-4000-8000-00000000000a", "FA5B6C7D-8E9F-4000-8000-00000000000C"})
    void saysOfABareGuidThatTheLinkKnowsBetter(String id) {
        assertThat(AlertIdHint.of(new AlertId(id)))
                .contains("This id is a bare GUID, as Sentinel keeps in VendorOriginalId and providerAlertId, which may"
                        + " differ from the id in Defender for Endpoint: the one at the end of the alert's link.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "636688558380765161_2136280442",
                "da637472900382838869_1364969609",
                "da637308392288907382_-880718168",
                "daefa1828b-dd4e-405c-8a3b-aa28596830dd_1",
                "ed1b2c3d4e-0000-4000-8000-000000000012",
                "xx1b2c3d4e-0000-4000-8000-000000000012",
                "fable",
            })
    void saysNothingOfDefendersOwnIdsAndOfUnknownOnes(String id) {
        assertThat(AlertIdHint.of(new AlertId(id))).isEmpty();
    }
}
