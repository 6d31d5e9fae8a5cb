using System.Globalization;
using Alcor.Kernel.Resources;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Api;

internal static class IfMatch
{
    /// <summary>
    /// <c>If-Match: revision_number=5</c>, of the extension revision-if-match; null when the header is absent.
    /// </summary>
    public static Result<long?> Read(HttpRequest request)
    {
        const string prefix = "revision_number=";
        var header = request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header))
            return (long?)null;
        var text = header.ToString().Trim().Trim('"');
        if (text.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(text[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            return (long?)revision;
        }
        return ApiError.BadRequest(
            $"Invalid value for If-Match. Reason: '{header}' is not of the form revision_number=N.");
    }
}
