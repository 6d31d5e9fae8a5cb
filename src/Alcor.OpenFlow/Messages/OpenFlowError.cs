namespace Alcor.OpenFlow;

/// <summary>
/// Type and code of an error (OpenFlow 1.4.1 section 7.5.4). For an experimenter's error the code is the
/// experimenter's type and <paramref name="Experimenter"/> says whose; else that is 0.
/// </summary>
public readonly record struct OpenFlowError(ushort Type, ushort Code, uint Experimenter = 0)
{
    public const ushort ExperimenterType = 0xffff;

    // The ONF extension errors of 1.3 number the bundle errors of 1.4 from here on.
    private const int OnfBundleErrors = 2300;
    private const uint Onf = 0x4f4e_4600;
    private const int BundleFailed = 17;

    private static readonly string[] TypeNames =
    [
        "HELLO_FAILED", "BAD_REQUEST", "BAD_ACTION", "BAD_INSTRUCTION", "BAD_MATCH", "FLOW_MOD_FAILED",
        "GROUP_MOD_FAILED", "PORT_MOD_FAILED", "TABLE_MOD_FAILED", "QUEUE_OP_FAILED", "SWITCH_CONFIG_FAILED",
        "ROLE_REQUEST_FAILED", "METER_MOD_FAILED", "TABLE_FEATURES_FAILED", "BAD_PROPERTY", "ASYNC_CONFIG_FAILED",
        "FLOW_MONITOR_FAILED", "BUNDLE_FAILED",
    ];

    private static readonly Dictionary<int, string[]> CodeNames = new()
    {
        [0] = ["INCOMPATIBLE", "EPERM"],
        [1] =
        [
            "BAD_VERSION", "BAD_TYPE", "BAD_MULTIPART", "BAD_EXPERIMENTER", "BAD_EXP_TYPE", "EPERM", "BAD_LEN",
            "BUFFER_EMPTY", "BUFFER_UNKNOWN", "BAD_TABLE_ID", "IS_SECONDARY", "BAD_PORT", "BAD_PACKET",
            "MULTIPART_BUFFER_OVERFLOW", "MULTIPART_REQUEST_TIMEOUT", "MULTIPART_REPLY_TIMEOUT",
        ],
        [2] =
        [
            "BAD_TYPE", "BAD_LEN", "BAD_EXPERIMENTER", "BAD_EXP_TYPE", "BAD_OUT_PORT", "BAD_ARGUMENT", "EPERM",
            "TOO_MANY", "BAD_QUEUE", "BAD_OUT_GROUP", "MATCH_INCONSISTENT", "UNSUPPORTED_ORDER", "BAD_TAG",
            "BAD_SET_TYPE", "BAD_SET_LEN", "BAD_SET_ARGUMENT",
        ],
        [3] =
        [
            "UNKNOWN_INST", "UNSUP_INST", "BAD_TABLE_ID", "UNSUP_METADATA", "UNSUP_METADATA_MASK", "BAD_EXPERIMENTER",
            "BAD_EXP_TYPE", "BAD_LEN", "EPERM", "DUP_INST",
        ],
        [4] =
        [
            "BAD_TYPE", "BAD_LEN", "BAD_TAG", "BAD_DL_ADDR_MASK", "BAD_NW_ADDR_MASK", "BAD_WILDCARDS", "BAD_FIELD",
            "BAD_VALUE", "BAD_MASK", "BAD_PREREQ", "DUP_FIELD", "EPERM",
        ],
        [5] =
        [
            "UNKNOWN", "TABLE_FULL", "BAD_TABLE_ID", "OVERLAP", "EPERM", "BAD_TIMEOUT", "BAD_COMMAND", "BAD_FLAGS",
            "CANT_SYNC", "BAD_PRIORITY",
        ],
        [6] =
        [
            "GROUP_EXISTS", "INVALID_GROUP", "WEIGHT_UNSUPPORTED", "OUT_OF_GROUPS", "OUT_OF_BUCKETS",
            "CHAINING_UNSUPPORTED", "WATCH_UNSUPPORTED", "LOOP", "UNKNOWN_GROUP", "CHAINED_GROUP", "BAD_TYPE",
            "BAD_COMMAND", "BAD_BUCKET", "BAD_WATCH", "EPERM",
        ],
        [12] =
        [
            "UNKNOWN", "METER_EXISTS", "INVALID_METER", "UNKNOWN_METER", "BAD_COMMAND", "BAD_FLAGS", "BAD_RATE",
            "BAD_BURST", "BAD_BAND", "BAD_BAND_DETAIL", "OUT_OF_METERS", "OUT_OF_BANDS",
        ],
        [BundleFailed] =
        [
            "UNKNOWN", "EPERM", "BAD_ID", "BUNDLE_EXIST", "BUNDLE_CLOSED", "OUT_OF_BUNDLES", "BAD_TYPE", "BAD_FLAGS",
            "MSG_BAD_LEN", "MSG_BAD_XID", "MSG_UNSUP", "MSG_CONFLICT", "MSG_TOO_MANY", "MSG_FAILED", "TIMEOUT",
            "BUNDLE_IN_PROGRESS",
        ],
    };

    public string TypeName => Type == ExperimenterType
        ? IsOnfBundleError ? TypeNames[BundleFailed] : $"EXPERIMENTER_{Experimenter:x8}"
        : Type < TypeNames.Length ? TypeNames[Type] : $"TYPE_{Type}";

    public string CodeName
    {
        get
        {
            var (type, code) = IsOnfBundleError ? (BundleFailed, Code - OnfBundleErrors) : (Type, Code);
            return CodeNames.TryGetValue(type, out var names) && code < names.Length ? names[code] : $"CODE_{Code}";
        }
    }

    private bool IsOnfBundleError => Type == ExperimenterType && Experimenter == Onf
        && Code >= OnfBundleErrors && Code < OnfBundleErrors + CodeNames[BundleFailed].Length;

    public override string ToString() => $"{TypeName}/{CodeName}";
}
