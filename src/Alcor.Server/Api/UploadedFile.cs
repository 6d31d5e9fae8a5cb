using System.Text.Json;
using Alcor.Kernel.Resources;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Alcor.Server.Api;

/// <summary>
/// Reads the one JSON file of a form (multipart/form-data, RFC 7578), as large as any body may be. A request of another
/// media type is the file itself.
/// </summary>
internal static class UploadedFile
{
    private const string FormType = "multipart/form-data";

    /// <summary>Hands the file to <paramref name="interpret"/>, which keeps nothing of it.</summary>
    public static async ValueTask<Result<T>> ReadAsync<T>(HttpContext http, Func<JsonElement, Result<T>> interpret)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var media)
            || !media.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase))
            return await RequestBody.ReadAsync(http, interpret);
        if (http.Request.ContentLength > ServerLimits.RequestBodyBytesMax)
            return RequestBody.TooLarge(http);
        if (HeaderUtilities.RemoveQuotes(media.Boundary) is not { Length: > 0 } boundary)
            return RequestBody.Malformed("Content-Type names no boundary");
        try
        {
            var file = await ReadFileAsync(new MultipartReader(boundary.ToString(), http.Request.Body), http);
            return file.Error is { } error ? error : RequestBody.Parse(file.Value, interpret);
        }
        catch (InvalidDataException exception)
        {
            return RequestBody.Malformed(exception.Message);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            return RequestBody.Malformed($"it ends before its last boundary ({exception.Message.TrimEnd('.')})");
        }
    }

    private static async ValueTask<Result<ReadOnlyMemory<byte>>> ReadFileAsync(MultipartReader form, HttpContext http)
    {
        using var file = new MemoryStream();
        string? name = null;
        while (await form.ReadNextSectionAsync(http.RequestAborted) is { } section)
        {
            var part = section.GetContentDispositionHeader();
            if (part?.IsFileDisposition() != true)
                return ApiError.BadRequest($"The form has a field '{part?.Name}' that is no file; it takes one file.");
            if (name is not null)
                return ApiError.BadRequest($"The form has files '{name}' and '{part.FileName}'; it takes one file.");
            name = part.FileName.ToString();
            if (!await CopyAsync(section.Body, file, http.RequestAborted))
                return RequestBody.TooLarge(http);
        }
        return name is null
            ? ApiError.BadRequest("The form has no file; it takes one file.")
            : (ReadOnlyMemory<byte>)file.ToArray();
    }

    /// <returns>False when it is larger than a body may be.</returns>
    private static async ValueTask<bool> CopyAsync(Stream from, MemoryStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[ServerLimits.ResponseBufferBytes];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (to.Length + count > ServerLimits.RequestBodyBytesMax)
                return false;
            to.Write(buffer, 0, count);
        }
        return true;
    }
}
