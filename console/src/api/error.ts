/** A call that the server refused. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** `ValidationException`, without its namespace. */
    readonly code: string,
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }

  static async ofResponse(response: Response): Promise<ApiError> {
    const text = await response.text();
    try {
      const body = JSON.parse(text) as { __type?: string; message?: string; Message?: string };
      const code = (body.__type ?? 'UnknownError').replace(/^.*#/, '');
      return new ApiError(code, body.message ?? body.Message ?? text, response.status);
    } catch {
      return new ApiError(`HTTP ${String(response.status)}`, text, response.status);
    }
  }
}

/** The code and words of whatever was thrown: by us, by the SDK, by the browser. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError) return { code: error.code, message: error.message };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'UnknownError', message: String(error) };
}

/** Whether somebody called it off, so that there is nothing to tell. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
