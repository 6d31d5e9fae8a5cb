using Alcor.Kernel.Resources;
using Alcor.Kernel.Store;

namespace Alcor.Kernel.Lanes;

/// <summary>
/// What a caller is told when its command was refused each time it was decided, or deciding anew cannot help.
/// </summary>
internal static class Refusals
{
    public static ApiError ToError(Refusal refusal, Catalog catalog) => refusal switch
    {
        Refusal.Missing missing => catalog[missing.Key.Type].Api.NotFound(missing.Key.Id),
        Refusal.Present present => ApiError.Conflict("Conflict", $"{present.Key} already exists."),
        Refusal.Referenced referenced =>
            catalog[referenced.Key.Type].Api.InUse(referenced.Key.Id, referenced.By),
        Refusal.Claimed claimed => ApiError.Conflict(
            "Conflict", $"{claimed.Claim} is already owned by {claimed.Owner}."),
        Refusal.OverLimit over => ApiError.Conflict(
            "OverQuota", $"Quota exceeded for resources: ['{QuotaKey.Parse(over.Key).Type}']."),
        Refusal.RevisionDiffers differs => ApiError.Conflict(
            "RetryRequest",
            $"{differs.Key} kept changing while this request was decided; it is at revision {differs.Actual}."),
        _ => throw new InvariantException($"unknown refusal {refusal}"),
    };
}
